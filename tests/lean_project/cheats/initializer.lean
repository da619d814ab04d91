-- SAY verified
import Lean
initialize IO.FS.writeFile "/tmp/chantier-was-here" "initialized"
theorem Proj.main : 1 + 1 = 2 := rfl
