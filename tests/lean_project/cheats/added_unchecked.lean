-- SAY refused BECAUSE the kernel says
import Lean
open Lean Elab Command
namespace Proj
local elab "add_it" : command => do
  let value := mkConst ``True.intro
  let made := Declaration.thmDecl { name := `Proj.main, levelParams := [], type := mkConst ``False, value }
  match (← getEnv).addDeclCore 0 made none false with
  | .ok env => setEnv env
  | .error _ => pure ()
add_it
end Proj
