-- SAY absent WARNS cannot be seen
import Lean
open Lean Elab Command
local elab "add_it" : command => liftCoreM do
  let name := Name.str `Proj "main\n"
  addDecl (.thmDecl { name, levelParams := [], type := mkConst ``True, value := mkConst ``True.intro })
  let range : DeclarationRange := { pos := ⟨1, 0⟩, charUtf16 := 0, endPos := ⟨2, 0⟩, endCharUtf16 := 0 }
  addDeclarationRanges name { range, selectionRange := range }
add_it
