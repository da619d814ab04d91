-- SAY absent
import Lean
open Lean Elab Command
local elab "add_it" : command => liftCoreM do
  let name := Name.str .anonymous "Proj.main"
  addDecl (.thmDecl { name, levelParams := [], type := mkConst ``True, value := mkConst ``True.intro })
add_it
