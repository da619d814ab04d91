-- SAY refused BECAUSE the kernel says
import Lean
open Lean Elab Command
namespace Proj
local elab "add_it" : command => liftCoreM do
  let value := mkConst ``True.intro
  withOptions (fun o => o.setBool `debug.skipKernelTC true) do
    addDecl (.thmDecl { name := `Proj.main, levelParams := [], type := mkConst ``False, value })
add_it
end Proj
