/-
The trusted half of a check: rebuilds declarations from text through Lean's own constructors, has the kernel
check each of them on top of the toolchain's own environment, and says what became of it.

It waits for `/requests/0`: the toolchain modules to import, separated by blanks, on one line; then lines of
words separated by blanks, texts as `x` and hexadecimal UTF-8. `N`, `L` and `E` lines make names, levels and expressions, numbered in order (name 0 is
there already); later lines use the numbers. Every other line is a command, and gets one line of answer:

  A name type PARAMS...                 an axiom
  D name type value HINTS PARAMS...     a definition; H a theorem and O an opaque constant, without hints
  I number COUNT PARAMS... TYPES...     an inductive block; a type is: name type COUNT (constructor type)...
  i, c, r name type ...                 whether the kernel made this very type, constructor, recursor
  Q name                                whether it proves something
  S name                                the same, and its statement in words
  B name WORDS                          what Lean's own constant is: module, kind, `Q`, statement, docstring

Lean files of a project are not read here, none of its code runs, and `lean_project/judge_docket.py` writes
the request. The compiler's data of the core library is not shipped with this Lean, so code here that would
specialise an imported definition does not compile: loops are written out.
-/
module
import Lean.PrettyPrinter
import Lean.Meta.InferType
import Lean.DocString
import Lean.AddDecl
open Lean

/-- Values by number, a hundred or so to a shelf: this Lean copies an array whenever it changes one of these. -/
structure Shelves (α : Type) where
  full : Array (Array α)
  last : Array α

namespace Shelves

def empty {α : Type} : Shelves α := { full := #[], last := #[] }

def push {α : Type} (shelves : Shelves α) (value : α) : Shelves α :=
  let last := shelves.last.push value
  if last.size < 128 then { shelves with last } else { full := shelves.full.push last, last := #[] }

def get? {α : Type} (shelves : Shelves α) (i : Nat) : Option α :=
  let shelf := if h : i / 128 < shelves.full.size then shelves.full[i / 128] else shelves.last
  if h : i % 128 < shelf.size then some shelf[i % 128] else none

end Shelves

/-- What was built so far, what the kernel took, and the answers. -/
structure Court where
  base : Environment
  env : IO.Ref Environment
  names : IO.Ref (Shelves Name)
  levels : IO.Ref (Shelves Level)
  exprs : IO.Ref (Shelves Expr)
  answers : IO.Ref (List String)

def failed {α : Type} (words : String) : IO α := throw (IO.userError words)

def natural (word : String) : IO Nat :=
  match word.toNat? with
  | some n => pure n
  | none => failed "a number was expected"

def hexDigit (n : Nat) : Char := if n < 10 then Char.ofNat (48 + n) else Char.ofNat (87 + n)

partial def hexFrom (bytes : ByteArray) (i : Nat) (out : String) : String :=
  if h : i < bytes.size then
    let byte := bytes[i].toNat
    hexFrom bytes (i + 1) ((out.push (hexDigit (byte / 16))).push (hexDigit (byte % 16)))
  else out

/-- A text as `x` and the hexadecimal of its UTF-8. -/
def encoded (plain : String) : String := hexFrom plain.toUTF8 0 "x"

def digitOf (byte : Nat) : Nat := if byte < 58 then byte - 48 else byte - 87

partial def bytesFrom (word : ByteArray) (i : Nat) (out : ByteArray) : ByteArray :=
  if h : i + 1 < word.size then
    let high := digitOf word[i].toNat
    let low := digitOf word[i + 1].toNat
    bytesFrom word (i + 2) (out.push (high * 16 + low).toUInt8)
  else out

def text (word : String) : IO String :=
  match String.fromUTF8? (bytesFrom word.toUTF8 1 ByteArray.empty) with
  | some plain => pure plain
  | none => failed "not a text"

def Court.name (court : Court) (word : String) : IO Name := do
  match (← court.names.get).get? (← natural word) with
  | some found => return found
  | none => failed "a name is missing"

def Court.level (court : Court) (word : String) : IO Level := do
  match (← court.levels.get).get? (← natural word) with
  | some found => return found
  | none => failed "a level is missing"

def Court.expr (court : Court) (word : String) : IO Expr := do
  match (← court.exprs.get).get? (← natural word) with
  | some found => return found
  | none => failed "an expression is missing"

partial def Court.nameList (court : Court) (words : List String) : IO (List Name) := do
  match words with
  | [] => return []
  | word :: rest => return (← court.name word) :: (← court.nameList rest)

partial def Court.levelList (court : Court) (words : List String) : IO (List Level) := do
  match words with
  | [] => return []
  | word :: rest => return (← court.level word) :: (← court.levelList rest)

/-- `COUNT name...` and the words after them. -/
partial def Court.counted (court : Court) (words : List String) : IO (List Name × List String) := do
  match words with
  | count :: rest => go (← natural count) rest
  | [] => failed "a count is missing"
where
  go (count : Nat) (words : List String) : IO (List Name × List String) := do
    match count, words with
    | 0, rest => return ([], rest)
    | n + 1, word :: rest =>
      let (names, rest) ← go n rest
      return ((← court.name word) :: names, rest)
    | _, [] => failed "a list is cut short"

/-! Terms. -/

def binderOf (word : String) : BinderInfo :=
  if word == "1" then .implicit else if word == "2" then .strictImplicit
  else if word == "3" then .instImplicit else .default

def newName (court : Court) (words : List String) : IO Unit := do
  match words with
  | [parent, kind, last] =>
    let parent ← court.name parent
    let made ← if kind == "n" then pure (Name.num parent (← natural last)) else pure (Name.str parent (← text last))
    court.names.modify fun all => all.push made
  | _ => failed "not a name"

def newLevel (court : Court) (words : List String) : IO Unit := do
  let made ← match words with
    | ["z"] => pure Level.zero
    | ["s", a] => do pure (Level.succ (← court.level a))
    | ["m", a, b] => do pure (Level.max (← court.level a) (← court.level b))
    | ["i", a, b] => do pure (Level.imax (← court.level a) (← court.level b))
    | ["p", name] => do pure (Level.param (← court.name name))
    | _ => failed "not a level"
  court.levels.modify fun all => all.push made

def newExpr (court : Court) (words : List String) : IO Unit := do
  let made ← match words with
    | ["a", f, x] => do pure (Expr.app (← court.expr f) (← court.expr x))
    | ["b", index] => do pure (Expr.bvar (← natural index))
    | "c" :: name :: levels => do pure (Expr.const (← court.name name) (← court.levelList levels))
    | ["l", name, binder, type, body] => do
      pure (Expr.lam (← court.name name) (← court.expr type) (← court.expr body) (binderOf binder))
    | ["p", name, binder, type, body] => do
      pure (Expr.forallE (← court.name name) (← court.expr type) (← court.expr body) (binderOf binder))
    | ["s", level] => do pure (Expr.sort (← court.level level))
    | ["j", name, index, struct] => do pure (Expr.proj (← court.name name) (← natural index) (← court.expr struct))
    | ["z", name, type, value, body] => do
      pure (Expr.letE (← court.name name) (← court.expr type) (← court.expr value) (← court.expr body) false)
    | ["n", value] => do pure (Expr.lit (.natVal (← natural value)))
    | ["t", value] => do pure (Expr.lit (.strVal (← text value)))
    | _ => failed "not an expression"
  court.exprs.modify fun all => all.push made

/-! The kernel. -/

def sameNames : List Name → List Name → Bool
  | [], [] => true
  | a :: as, b :: bs => a == b && sameNames as bs
  | _, _ => false

/-- The answer for a name that Lean itself has: `=` where the project repeats one of its theorems, as Lean
does by itself with the equations of definitions. -/
def known (court : Court) (name : Name) (params : List Name) (type : Expr) (isTheorem : Bool) : Option String :=
  match court.base.find? name with
  | none => none
  | some info =>
    if isTheorem && sameNames info.levelParams params && info.type == type then some "="
    else some (encoded "it redeclares a constant of Lean itself")

def submit (court : Court) (declaration : Declaration) : IO String := do
  match (← court.env.get).addDeclCore 0 declaration none true with
  | .ok next =>
    court.env.set next
    return "+"
  | .error error => return encoded ("the kernel says: " ++ (← (error.toMessageData {}).toString))

def hintsOf (word : String) : IO ReducibilityHints := do
  if word == "a" then return .abbrev
  if word == "o" then return .opaque
  return .regular (← natural word).toUInt32

def declare (court : Court) (kind name type : String) (words : List String) : IO String := do
  let name ← court.name name
  let type ← court.expr type
  match kind, words with
  | "A", params =>
    let levelParams ← court.nameList params
    if let some said := known court name levelParams type false then return said
    submit court (.axiomDecl { name, levelParams, type, isUnsafe := false })
  | "D", value :: hints :: params =>
    let levelParams ← court.nameList params
    if let some said := known court name levelParams type false then return said
    let value ← court.expr value
    submit court (.defnDecl { name, levelParams, type, value, hints := ← hintsOf hints, safety := .safe })
  | "H", value :: params =>
    let levelParams ← court.nameList params
    if let some said := known court name levelParams type true then return said
    submit court (.thmDecl { name, levelParams, type, value := ← court.expr value })
  | "O", value :: params =>
    let levelParams ← court.nameList params
    if let some said := known court name levelParams type false then return said
    submit court (.opaqueDecl { name, levelParams, type, value := ← court.expr value, isUnsafe := false })
  | _, _ => failed "not a declaration"

mutual

partial def typesOf (court : Court) (words : List String) : IO (List InductiveType) := do
  match words with
  | [] => return []
  | name :: type :: count :: rest =>
    let (ctors, rest) ← constructorsOf court (← natural count) rest
    return { name := ← court.name name, type := ← court.expr type, ctors } :: (← typesOf court rest)
  | _ => failed "not a block"

partial def constructorsOf (court : Court) (count : Nat) (words : List String) :
    IO (List Constructor × List String) := do
  match count, words with
  | 0, rest => return ([], rest)
  | n + 1, name :: type :: rest =>
    let (others, rest) ← constructorsOf court n rest
    return ({ name := ← court.name name, type := ← court.expr type } :: others, rest)
  | _, _ => failed "a block is cut short"

end

def anyKnown (court : Court) : List InductiveType → Bool
  | [] => false
  | type :: rest => court.base.contains type.name || anyKnown court rest

def declareBlock (court : Court) (words : List String) : IO String := do
  match words with
  | number :: rest =>
    let (params, rest) ← court.counted rest
    let types ← typesOf court rest
    if anyKnown court types then return encoded "it redeclares a constant of Lean itself"
    submit court (.inductDecl params (← natural number) types false)
  | [] => failed "not a block"

def flag (word : String) : Bool := word == "1"

/-- The constant that the file holds; what is not said of it here no comparison needs. -/
def claimed (court : Court) (kind name type : String) (words : List String) : IO ConstantInfo := do
  let name ← court.name name
  let type ← court.expr type
  match kind, words with
  | "i", params :: indices :: nested :: recursive :: reflexive :: rest =>
    let (block, rest) ← court.counted rest
    let (ctors, rest) ← court.counted rest
    return .inductInfo {
      name, levelParams := ← court.nameList rest, type, all := block, ctors
      numParams := ← natural params, numIndices := ← natural indices, numNested := ← natural nested
      isRec := flag recursive, isReflexive := flag reflexive, isUnsafe := false }
  | "c", parent :: index :: params :: fields :: rest =>
    return .ctorInfo {
      name, levelParams := ← court.nameList rest, type, induct := ← court.name parent
      cidx := ← natural index, numParams := ← natural params, numFields := ← natural fields, isUnsafe := false }
  | "r", params :: indices :: motives :: minors :: k :: rest =>
    let (block, rest) ← court.counted rest
    let (levelParams, rest) ← court.counted rest
    return .recInfo {
      name, levelParams, type, all := block, rules := ← rulesOf rest, k := flag k, isUnsafe := false
      numParams := ← natural params, numIndices := ← natural indices, numMotives := ← natural motives
      numMinors := ← natural minors }
  | _, _ => failed "not a constant"
where
  rulesOf (words : List String) : IO (List RecursorRule) := do
    match words with
    | [] => return []
    | ctor :: fields :: rhs :: rest =>
      return { ctor := ← court.name ctor, nfields := ← natural fields, rhs := ← court.expr rhs } :: (← rulesOf rest)
    | _ => failed "a rule is cut short"

def sameRules : List RecursorRule → List RecursorRule → Bool
  | [], [] => true
  | a :: as, b :: bs => a.ctor == b.ctor && a.nfields == b.nfields && a.rhs == b.rhs && sameRules as bs
  | _, _ => false

/-- Whether two constants are the same but for the names of binders. -/
def agrees (made written : ConstantInfo) : Bool :=
  sameNames made.levelParams written.levelParams && made.type == written.type && match made, written with
  | .inductInfo a, .inductInfo b =>
    a.numParams == b.numParams && a.numIndices == b.numIndices && sameNames a.all b.all && sameNames a.ctors b.ctors
      && a.numNested == b.numNested && a.isRec == b.isRec && a.isReflexive == b.isReflexive && !a.isUnsafe
  | .ctorInfo a, .ctorInfo b =>
    a.induct == b.induct && a.cidx == b.cidx && a.numParams == b.numParams && a.numFields == b.numFields
  | .recInfo a, .recInfo b =>
    sameNames a.all b.all && a.numParams == b.numParams && a.numIndices == b.numIndices
      && a.numMotives == b.numMotives && a.numMinors == b.numMinors && a.k == b.k && sameRules a.rules b.rules
  | _, _ => false

def compare (court : Court) (written : ConstantInfo) : IO String := do
  if court.base.contains written.name then return encoded "it redeclares a constant of Lean itself"
  match (← court.env.get).toKernelEnv.find? written.name with
  | none => return encoded "its inductive type does not make it"
  | some made => return if agrees made written then "+" else encoded "it is not what its inductive type makes"

/-! Words for people, by the toolchain's own printer. -/

def settings : Options := ({} : Options).set `format.width (100 : Nat)

def coreContext : Core.Context :=
  { fileName := "", fileMap := { source := "", positions := #[] }, options := settings, maxHeartbeats := 200000000 }

/-- The kernel has the last word on whether a definition is a proof: it takes it as a theorem or not. -/
def kernelAgrees (env : Environment) : ConstantInfo → Bool
  | .defnInfo v =>
    let again : TheoremVal :=
      { name := .str v.name "_as_theorem", levelParams := v.levelParams, type := v.type, value := v.value }
    match env.addDeclCore 0 (.thmDecl again) none true with
    | .ok _ => true
    | .error _ => false
  | _ => true

def isProposition (env : Environment) (info : ConstantInfo) : IO Bool := do
  try
    let (answer, _, _) ← (Meta.isProp info.type).toIO coreContext { env }
    return answer && kernelAgrees env info
  catch _ => return false

def signature (env : Environment) (name : Name) : IO String := do
  try
    let (answer, _, _) ← (PrettyPrinter.ppSignature name).toIO coreContext { env }
    return answer.fmt.pretty 100
  catch _ => return ""

def asked (court : Court) (name : Name) (words : Bool) : IO String := do
  let env ← court.env.get
  match env.find? name with
  | none => return "0 x"
  | some info =>
    let prop ← isProposition env info
    let said ← if words then signature env name else pure ""
    return (if prop then "1 " else "0 ") ++ encoded said

/-- At the exported level an imported theorem looks like an axiom; the toolchain remembers what it was. -/
def kindOf (env : Environment) (info : ConstantInfo) : String :=
  match getOriginalConstKind? env info.name with
  | some .thm => "theorem"
  | some .defn => "definition"
  | some .axiom => "axiom"
  | some .opaque => "opaque"
  | some .induct => "inductive"
  | some .ctor => "constructor"
  | some .recursor => "recursor"
  | some .quot => "quotient"
  | none => match info with
    | .thmInfo _ => "theorem"
    | .defnInfo _ => "definition"
    | .axiomInfo _ => "axiom"
    | .opaqueInfo _ => "opaque"
    | .inductInfo _ => "inductive"
    | .ctorInfo _ => "constructor"
    | .recInfo _ => "recursor"
    | .quotInfo _ => "quotient"

def nameText : Name → String
  | .anonymous => ""
  | .str .anonymous text => text
  | .str parent text => nameText parent ++ "." ++ text
  | .num parent index => nameText parent ++ "." ++ Nat.repr index

/-- What Lean's own constant is, or `-` where there is none. -/
def ofLean (court : Court) (name : Name) (words : Bool) : IO String := do
  match court.base.find? name with
  | none => return "-"
  | some info =>
    let owner := match court.base.getModuleIdxFor? name with
      | some i => court.base.header.moduleNames.getD i.toNat .anonymous
      | none => .anonymous
    let prop ← isProposition court.base info
    let said ← if words then signature court.base name else pure ""
    let doc ← if words then findSimpleDocString? court.base name else pure none
    return encoded (nameText owner) ++ " " ++ kindOf court.base info ++ (if prop then " 1 " else " 0 ")
      ++ encoded said ++ " " ++ encoded (doc.getD "")

/-! The run. -/

def command (court : Court) (words : List String) : IO String := do
  match words with
  | "I" :: rest => declareBlock court rest
  | ["Q", name] => asked court (← court.name name) false
  | ["S", name] => asked court (← court.name name) true
  | ["B", name, words] => ofLean court (← court.name name) (flag words)
  | kind :: name :: type :: rest =>
    if kind == "i" || kind == "c" || kind == "r" then compare court (← claimed court kind name type rest)
    else declare court kind name type rest
  | _ => failed "not a command"

def obey (court : Court) (line : String) : IO Unit := do
  match line.splitOn " " with
  | "E" :: words => newExpr court words
  | "N" :: words => newName court words
  | "L" :: words => newLevel court words
  | words => do
    let said ← command court words
    court.answers.modify fun all => said :: all

/-- Obeys up to `2 ^ depth` lines and gives those after them; a loop, because deep recursion ends this Lean. -/
def hold (court : Court) (depth : Nat) (lines : List String) : IO (List String) := do
  match depth, lines with
  | _, [] => return []
  | 0, line :: rest =>
    obey court line
    return rest
  | half + 1, lines => hold court half (← hold court half lines)

partial def waitFor (path : System.FilePath) : IO String := do
  if ← path.pathExists then IO.FS.readFile path
  else
    IO.sleep 100
    waitFor path

def nameOf (components : List String) (name : Name) : Name :=
  match components with
  | [] => name
  | head :: rest => nameOf rest (.str name head)

def importsOf : List String → List Import
  | [] => []
  | text :: rest =>
    if text.isEmpty then importsOf rest
    else { module := nameOf (text.splitOn ".") .anonymous } :: importsOf rest

def open_ (imports : String) : IO Court := do
  let base ← importModules (importsOf (imports.splitOn " ")).toArray {} (trustLevel := 0) (loadExts := true)
  return {
    base, env := ← IO.mkRef base, names := ← IO.mkRef (Shelves.empty.push .anonymous)
    levels := ← IO.mkRef .empty, exprs := ← IO.mkRef .empty, answers := ← IO.mkRef [] }

def turned : List String → List String → List String
  | [], out => out
  | line :: rest, out => turned rest (line :: out)

/-- The answer appears whole, so that nobody reads half of it. -/
def answer (text : String) : IO Unit := do
  IO.FS.writeFile "/scratch/answer.part" text
  IO.FS.rename "/scratch/answer.part" "/scratch/answer"

public def main : IO Unit := do
  let request ← waitFor "/requests/0"
  match request.splitOn "\n" with
  | imports :: lines =>
    try
      let court ← open_ imports
      let _ ← hold court 40 lines
      answer ("\n".intercalate ("done" :: turned (← court.answers.get) []))
    catch error => answer ("error: " ++ error.toString)
  | [] => answer "error: the request is empty"
