/-
The trusted half of a check: reads compiled modules as data, replays every declaration through the kernel
on top of the toolchain's own environment, and exports what it saw.

It waits for `/requests/0`: the number of modules; the toolchain modules to import, separated by blanks;
then one toolchain constant a line, its components separated by tabs. Module K lies in `/artefacts/K/`, in
dependency order. No initializer of the project runs and no code of the project is imported.

The export is a list of lines, with text in hexadecimal. `N`, `L` and `E` lines define names, levels and
expressions, numbered from 0 in order, each node once; the others use those numbers. `lean_project/judge_export.py`
reads them and says what each means.

The compiler's data of the core library is not shipped with this Lean, so code here that would specialise
an imported definition does not compile: loops, tables and states are written out.
-/
module
import Lean.PrettyPrinter
import Lean.Meta.InferType
import Lean.DocString
import Lean.AddDecl
open Lean

/-- A hash table from keys to the order in which they came. In two levels, because this Lean copies an array
whenever it changes one of these. -/
structure Table (α : Type) where
  shelves : Array (Array (List (UInt64 × α × Nat)))
  size : Nat

namespace Table

def empty {α : Type} : Table α := { shelves := Array.replicate 256 (Array.replicate 256 []), size := 0 }

def search {α : Type} (same : α → α → Bool) (hash : UInt64) (key : α) : List (UInt64 × α × Nat) → Option Nat
  | [] => none
  | (h, k, id) :: rest => if h == hash && same k key then some id else search same hash key rest

def shelf (hash : UInt64) : Nat := hash.toNat / 256 % 256

def slot (hash : UInt64) : Nat := hash.toNat % 256

def find? {α : Type} (table : Table α) (same : α → α → Bool) (hash : UInt64) (key : α) : Option Nat :=
  search same hash key ((table.shelves.getD (shelf hash) #[]).getD (slot hash) [])

def insert {α : Type} (table : Table α) (hash : UInt64) (key : α) : Table α :=
  let buckets := table.shelves.getD (shelf hash) #[]
  let bucket := (hash, key, table.size) :: buckets.getD (slot hash) []
  { shelves := table.shelves.setIfInBounds (shelf hash) (buckets.setIfInBounds (slot hash) bucket),
    size := table.size + 1 }

end Table

/-- Where the export goes, and what it has defined already. -/
structure Sink where
  handle : IO.FS.Handle
  waiting : IO.Ref String
  names : IO.Ref (Table Name)
  levels : IO.Ref (Table Level)
  exprs : IO.Ref (Table Expr)

def flush (sink : Sink) : IO Unit := do
  sink.handle.putStr (← sink.waiting.get)
  sink.waiting.set ""

/-- Adds a line; many are written at once, because each write leaves Lean's world. -/
def emit (sink : Sink) (line : String) : IO Unit := do
  let size ← sink.waiting.modifyGet fun text => let text := text ++ line ++ "\n"; (text.utf8ByteSize, text)
  if size > 1000000 then flush sink

def hexDigit (n : Nat) : Char := if n < 10 then Char.ofNat (48 + n) else Char.ofNat (87 + n)

partial def hexFrom (bytes : ByteArray) (i : Nat) (out : String) : String :=
  if h : i < bytes.size then
    let byte := bytes[i].toNat
    hexFrom bytes (i + 1) ((out.push (hexDigit (byte / 16))).push (hexDigit (byte % 16)))
  else out

/-- A text as `x` and the hexadecimal of its UTF-8. -/
def hex (text : String) : String := hexFrom text.toUTF8 0 "x"

def sameName (a b : Name) : Bool := a.hash == b.hash && a == b
def sameLevel (a b : Level) : Bool := a.hash == b.hash && a == b
/-- Equality up to the names and kinds of binders. -/
def sameExpr (a b : Expr) : Bool := a.hash == b.hash && a == b

def sameNames : List Name → List Name → Bool
  | [], [] => true
  | a :: as, b :: bs => sameName a b && sameNames as bs
  | _, _ => false

def memberOf (name : Name) : List Name → Bool
  | [] => false
  | other :: rest => sameName name other || memberOf name rest

def joined : List Name → List Name → List Name
  | [], tail => tail
  | name :: rest, tail => name :: joined rest tail

def nameText : Name → String
  | .anonymous => ""
  | .str .anonymous text => text
  | .num .anonymous index => Nat.repr index
  | .str parent text => nameText parent ++ "." ++ text
  | .num parent index => nameText parent ++ "." ++ Nat.repr index

partial def nameId (sink : Sink) (name : Name) : IO Nat := do
  let known ← sink.names.get
  if let some id := known.find? sameName name.hash name then return id
  let line ← match name with
    | .anonymous => pure "N"
    | .str parent text => do pure ("N " ++ Nat.repr (← nameId sink parent) ++ " s " ++ hex text)
    | .num parent index => do pure ("N " ++ Nat.repr (← nameId sink parent) ++ " n " ++ Nat.repr index)
  emit sink line
  let known ← sink.names.modifyGet fun table => (table.size, table.insert name.hash name)
  return known

partial def levelId (sink : Sink) (level : Level) : IO Nat := do
  let known ← sink.levels.get
  if let some id := known.find? sameLevel level.hash level then return id
  let line ← match level with
    | .zero => pure "L z"
    | .succ a => do pure ("L s " ++ Nat.repr (← levelId sink a))
    | .max a b => do pure ("L m " ++ Nat.repr (← levelId sink a) ++ " " ++ Nat.repr (← levelId sink b))
    | .imax a b => do pure ("L i " ++ Nat.repr (← levelId sink a) ++ " " ++ Nat.repr (← levelId sink b))
    | .param name => do pure ("L p " ++ Nat.repr (← nameId sink name))
    | .mvar _ => pure "L ?"
  emit sink line
  sink.levels.modifyGet fun table => (table.size, table.insert level.hash level)

partial def levelIds (sink : Sink) (levels : List Level) (out : String) : IO String := do
  match levels with
  | [] => return out
  | level :: rest => levelIds sink rest (out ++ " " ++ Nat.repr (← levelId sink level))

partial def exprId (sink : Sink) (expr : Expr) : IO Nat := do
  match expr with
  | .mdata _ inner => exprId sink inner
  | _ => do
    let known ← sink.exprs.get
    if let some id := known.find? sameExpr expr.hash expr then return id
    let line ← match expr with
      | .bvar index => pure ("E b " ++ Nat.repr index)
      | .sort level => do pure ("E s " ++ Nat.repr (← levelId sink level))
      | .const name levels => do levelIds sink levels ("E c " ++ Nat.repr (← nameId sink name))
      | .app f a => do pure ("E a " ++ Nat.repr (← exprId sink f) ++ " " ++ Nat.repr (← exprId sink a))
      | .lam _ t b _ => do pure ("E l " ++ Nat.repr (← exprId sink t) ++ " " ++ Nat.repr (← exprId sink b))
      | .forallE _ t b _ => do pure ("E p " ++ Nat.repr (← exprId sink t) ++ " " ++ Nat.repr (← exprId sink b))
      | .letE _ t v b _ => do
        pure ("E z " ++ Nat.repr (← exprId sink t) ++ " " ++ Nat.repr (← exprId sink v) ++ " " ++ Nat.repr (← exprId sink b))
      | .lit (.natVal n) => pure ("E n " ++ Nat.repr n)
      | .lit (.strVal s) => pure ("E t " ++ hex s)
      | .proj struct index e => do
        pure ("E j " ++ Nat.repr (← nameId sink struct) ++ " " ++ Nat.repr index ++ " " ++ Nat.repr (← exprId sink e))
      | _ => pure "E ?"
    emit sink line
    sink.exprs.modifyGet fun table => (table.size, table.insert expr.hash expr)

/-! Constants. -/

def kindOf : ConstantInfo → String
  | .thmInfo _ => "theorem"
  | .defnInfo _ => "definition"
  | .axiomInfo _ => "axiom"
  | .opaqueInfo _ => "opaque"
  | .inductInfo _ => "inductive"
  | .ctorInfo _ => "constructor"
  | .recInfo _ => "recursor"
  | .quotInfo _ => "quotient"

def bodyOf : ConstantInfo → Option Expr
  | .defnInfo v => some v.value
  | .thmInfo v => some v.value
  | .opaqueInfo v => some v.value
  | _ => none

def rulesOf : ConstantInfo → List RecursorRule
  | .recInfo v => v.rules
  | _ => []

/-- The constants that belong to this one without standing in its type or body. -/
def kinOf : ConstantInfo → List Name
  | .inductInfo v => joined v.all v.ctors
  | .ctorInfo v => [v.induct]
  | .recInfo v => v.all
  | _ => []

def isUnchecked : ConstantInfo → Bool
  | .defnInfo v => match v.safety with | .safe => false | _ => true
  | .opaqueInfo v => v.isUnsafe
  | .inductInfo v => v.isUnsafe
  | .ctorInfo v => v.isUnsafe
  | .recInfo v => v.isUnsafe
  | .axiomInfo v => v.isUnsafe
  | _ => false

/-- Numbers that are part of what a constant means. -/
def numbersOf : ConstantInfo → List Nat
  | .inductInfo v => [v.numParams, v.numIndices]
  | .ctorInfo v => [v.cidx, v.numParams, v.numFields]
  | .recInfo v => [v.numParams, v.numIndices, v.numMotives, v.numMinors, if v.k then 1 else 0]
  | _ => []

partial def nameIds (sink : Sink) (names : List Name) (out : String) : IO String := do
  match names with
  | [] => return out
  | name :: rest => nameIds sink rest (out ++ " " ++ Nat.repr (← nameId sink name))

partial def ruleIds (sink : Sink) (rules : List RecursorRule) (out : String) : IO String := do
  match rules with
  | [] => return out
  | rule :: rest => ruleIds sink rest (out ++ " " ++ Nat.repr (← exprId sink rule.rhs))

def natsOf (numbers : List Nat) (out : String) : String :=
  match numbers with
  | [] => out
  | n :: rest => natsOf rest (out ++ " " ++ Nat.repr n)

partial def rulesLength : List RecursorRule → Nat
  | [] => 0
  | _ :: rest => rulesLength rest + 1

/-- A constant is a `C` line, and what belongs to it on lines below: `P` universe parameters, `B` body,
`K` kin, `R` rules, `M` numbers. -/
def exportConstant (sink : Sink) (owner : String) (info : ConstantInfo) : IO Unit := do
  let name ← nameId sink info.name
  let type ← exprId sink info.type
  let params ← nameIds sink info.levelParams "P"
  let kin ← nameIds sink (kinOf info) "K"
  let rules ← ruleIds sink (rulesOf info) "R"
  let body ← match bodyOf info with
    | some value => do pure ("B " ++ Nat.repr (← exprId sink value))
    | none => pure "B"
  emit sink ("C " ++ owner ++ " " ++ kindOf info ++ " " ++ Nat.repr name ++ " " ++ Nat.repr type)
  emit sink params
  emit sink body
  emit sink kin
  emit sink rules
  emit sink (natsOf (numbersOf info) "M")

/-! The kernel. -/

/-- A project constant with the module it comes from. -/
structure Entry where
  info : ConstantInfo
  owner : Nat
deriving Inhabited

inductive Verdict where
  | unseen
  | running
  | accepted
  | refused (reason : String)
deriving Inhabited

structure Court where
  sink : Sink
  base : Environment
  index : Table Name
  entries : Array Entry
  env : IO.Ref Environment
  verdicts : IO.Ref (Array Verdict)

def Court.indexOf (court : Court) (name : Name) : Option Nat := court.index.find? sameName name.hash name

def setVerdict (court : Court) (i : Nat) (verdict : Verdict) : IO Unit :=
  court.verdicts.modify fun all => all.setIfInBounds i verdict

def verdictOf (court : Court) (i : Nat) : IO Verdict := do
  let all ← court.verdicts.get
  return all.getD i .unseen

/-- What must be accepted before: everything named, but not the members of its own block. -/
def needs (info : ConstantInfo) : List Name :=
  let type := info.type.getUsedConstants.toList
  match bodyOf info with
  | some value => joined type value.getUsedConstants.toList
  | none => type

partial def constructorsOf (court : Court) (names : List Name) : List Constructor :=
  match names with
  | [] => []
  | name :: rest => match court.indexOf name with
    | some i => { name, type := (court.entries.getD i default).info.type } :: constructorsOf court rest
    | none => constructorsOf court rest

partial def typesOf (court : Court) (names : List Name) : List InductiveType :=
  match names with
  | [] => []
  | name :: rest => match court.indexOf name with
    | some i => match (court.entries.getD i default).info with
      | .inductInfo v => { name, type := v.type, ctors := constructorsOf court v.ctors } :: typesOf court rest
      | _ => typesOf court rest
    | none => typesOf court rest

def declarationOf (court : Court) : ConstantInfo → Option Declaration
  | .defnInfo v => some (.defnDecl v)
  | .thmInfo v => some (.thmDecl v)
  | .opaqueInfo v => some (.opaqueDecl v)
  | .axiomInfo v => some (.axiomDecl v)
  | .inductInfo v => some (.inductDecl v.levelParams v.numParams (typesOf court v.all) false)
  | _ => none

def sameInductive (a b : InductiveVal) : Bool :=
  sameNames a.levelParams b.levelParams && sameExpr a.type b.type && a.numParams == b.numParams
    && a.numIndices == b.numIndices && sameNames a.all b.all && sameNames a.ctors b.ctors
    && a.numNested == b.numNested && a.isRec == b.isRec && a.isReflexive == b.isReflexive

def sameConstructor (a b : ConstructorVal) : Bool :=
  sameNames a.levelParams b.levelParams && sameExpr a.type b.type && sameName a.induct b.induct
    && a.cidx == b.cidx && a.numParams == b.numParams && a.numFields == b.numFields

def sameRules : List RecursorRule → List RecursorRule → Bool
  | [], [] => true
  | a :: as, b :: bs => sameName a.ctor b.ctor && a.nfields == b.nfields && sameExpr a.rhs b.rhs && sameRules as bs
  | _, _ => false

def sameRecursor (a b : RecursorVal) : Bool :=
  sameNames a.levelParams b.levelParams && sameExpr a.type b.type && sameNames a.all b.all
    && a.numParams == b.numParams && a.numIndices == b.numIndices && a.numMotives == b.numMotives
    && a.numMinors == b.numMinors && a.k == b.k && sameRules a.rules b.rules

/-- The file's constant is the one the kernel made. -/
def agrees (made written : ConstantInfo) : Bool :=
  match made, written with
  | .inductInfo a, .inductInfo b => sameInductive a b
  | .ctorInfo a, .ctorInfo b => sameConstructor a b
  | .recInfo a, .recInfo b => sameRecursor a b
  | _, _ => false

/-- The constructors of every member of a block. -/
partial def blockConstructors (court : Court) (names out : List Name) : List Name :=
  match names with
  | [] => out
  | name :: rest => match court.indexOf name with
    | some i => match (court.entries.getD i default).info with
      | .inductInfo v => blockConstructors court rest (joined v.ctors out)
      | _ => blockConstructors court rest out
    | none => blockConstructors court rest out

/-- The block that a constant is made with: itself, or the inductive type whose declaration makes it. -/
def makerOf : ConstantInfo → Option Name
  | .ctorInfo v => some v.induct
  | .recInfo v => match v.all with
    | [] => none
    | first :: _ => some first
  | _ => none

def tell (error : Kernel.Exception) : IO String := (error.toMessageData {}).toString

mutual

partial def blockNeeds (court : Court) (names out : List Name) : List Name :=
  match names with
  | [] => out
  | name :: rest => match court.indexOf name with
    | some i =>
      let info := (court.entries.getD i default).info
      blockNeeds court rest (joined (needs info) out)
    | none => blockNeeds court rest out

partial def firstRefused (court : Court) (names own : List Name) : IO (Option Name) := do
  match names with
  | [] => return none
  | name :: rest =>
    if memberOf name own then firstRefused court rest own
    else match court.indexOf name with
      | none => firstRefused court rest own
      | some j => if ← judge court j then firstRefused court rest own else return some name

/-- Judges a constant, after everything it needs; true when it was accepted. -/
partial def judge (court : Court) (i : Nat) : IO Bool := do
  match ← verdictOf court i with
  | .accepted => return true
  | .refused _ => return false
  | .running =>
    setVerdict court i (.refused "it depends on itself")
    return false
  | .unseen =>
    setVerdict court i .running
    let verdict ← decide court (court.entries.getD i default).info
    setVerdict court i verdict
    match verdict with
    | .accepted => return true
    | _ => return false

partial def decide (court : Court) (info : ConstantInfo) : IO Verdict := do
  if isUnchecked info then return .refused "it is unsafe or partial, which the kernel does not check"
  match makerOf info with
  | some maker => match court.indexOf maker with
    | none => return .refused "its inductive type is missing"
    | some j =>
      if ← judge court j then compare court info
      else return .refused "its inductive type was refused"
  | none =>
    let own := match info with
      | .inductInfo v => blockConstructors court v.all v.all
      | _ => []
    let names := match info with
      | .inductInfo _ => blockNeeds court own []
      | _ => needs info
    match ← firstRefused court names own with
    | some name => return .refused (← inherited court name)
    | none => submit court info

/-- The reason for refusing what rests on a refused constant: where the trouble began, and why. -/
partial def inherited (court : Court) (name : Name) : IO String := do
  match court.indexOf name with
  | none => return "it rests on nothing"
  | some j => match ← verdictOf court j with
    | .refused reason =>
      if reason.startsWith "it rests on " then return reason
      else return "it rests on " ++ nameText name ++ ": " ++ reason
    | _ => return "it rests on " ++ nameText name

partial def compare (court : Court) (info : ConstantInfo) : IO Verdict := do
  let env ← court.env.get
  match env.find? info.name with
  | some made => if agrees made info then return .accepted else return .refused "it is not what its inductive type makes"
  | none => return .refused "its inductive type does not make it"

partial def submit (court : Court) (info : ConstantInfo) : IO Verdict := do
  let env ← court.env.get
  match info with
  | .inductInfo _ => if env.contains info.name then return (← compare court info)
  | _ => pure ()
  match declarationOf court info with
  | none => return .refused "no project may declare it"
  | some declaration => match env.addDeclCore 0 declaration none true with
    | .ok next =>
      court.env.set next
      match info with
      | .inductInfo _ => compare court info
      | _ => return .accepted
    | .error error => return .refused ("the kernel says: " ++ (← tell error))

end

/-! Reading the modules. -/

partial def partsOf (folder : String) : IO (Array System.FilePath) := do
  let main := System.FilePath.mk (folder ++ "/module.olean")
  let server := System.FilePath.mk (folder ++ "/module.olean.server")
  let whole := System.FilePath.mk (folder ++ "/module.olean.private")
  if ← whole.pathExists then return #[main, server, whole] else return #[main]

structure Loading where
  index : Table Name
  entries : Array Entry
  verdicts : Array Verdict

def sameStatement (a b : ConstantInfo) : Bool :=
  sameNames a.levelParams b.levelParams && sameExpr a.type b.type

def isTheorem : ConstantInfo → Bool
  | .thmInfo _ => true
  | _ => false

/-- Adds a constant. Lean itself writes some theorems (equations of definitions) in every module that uses
them: the same theorem twice is one theorem. Any other second declaration is refused, and so is the first. -/
def load (base : Environment) (owner : Nat) (info : ConstantInfo) (now : Loading) : Loading :=
  let put (verdict : Verdict) : Loading :=
    { index := now.index.insert info.name.hash info.name, entries := now.entries.push { info, owner },
      verdicts := now.verdicts.push verdict }
  match now.index.find? sameName info.name.hash info.name with
  | some i =>
    let first := (now.entries.getD i default).info
    if isTheorem first && isTheorem info && sameStatement first info then now
    else { now with verdicts := now.verdicts.setIfInBounds i (.refused "two modules of the project declare it") }
  | none => match base.find? info.name with
    | some known =>
      if isTheorem info && sameStatement known info then now
      else put (.refused "it redeclares a constant of Lean itself")
    | none => put .unseen

partial def loadAll (base : Environment) (owner : Nat) (infos : Array ConstantInfo) (i : Nat) (now : Loading) : Loading :=
  if h : i < infos.size then loadAll base owner infos (i + 1) (load base owner infos[i] now) else now

partial def loadModules (base : Environment) (count k : Nat) (now : Loading) : IO Loading := do
  if k < count then
    let parts ← readModuleDataParts (← partsOf ("/artefacts/" ++ Nat.repr k))
    -- The last part is the whole module; the others are what importers may see of it.
    if h : parts.size - 1 < parts.size then
      loadModules base count (k + 1) (loadAll base k parts[parts.size - 1].1.constants 0 now)
    else loadModules base count (k + 1) now
  else return now

/-! Words for people, by the toolchain's own printer. -/

def settings : Options := ({} : Options).set `format.width (100 : Nat)

def coreContext : Core.Context :=
  { fileName := "", fileMap := { source := "", positions := #[] }, options := settings, maxHeartbeats := 200000000 }

def isProposition (env : Environment) (type : Expr) : IO Bool := do
  try
    let (answer, _, _) ← (Meta.isProp type).toIO coreContext { env }
    return answer
  catch _ => return false

def signature (env : Environment) (name : Name) : IO String := do
  try
    let (answer, _, _) ← (PrettyPrinter.ppSignature name).toIO coreContext { env }
    return answer.fmt.pretty 100
  catch _ => return ""

def verdictText : Verdict → String
  | .accepted => "+"
  | .refused reason => hex reason
  | _ => hex "it was not judged"

/-- A `J` line: the constant, whether its type is a proposition, the verdict, the statement. -/
def exportJudgement (sink : Sink) (env : Environment) (info : ConstantInfo) (verdict : Verdict) : IO Unit := do
  let prop ← isProposition env info.type
  let words ← match verdict with
    | .accepted => if info.name.isInternalDetail then pure "" else signature env info.name
    | _ => pure ""
  let name ← nameId sink info.name
  emit sink ("J " ++ Nat.repr name ++ (if prop then " 1 " else " 0 ") ++ verdictText verdict ++ " " ++ hex words)

partial def exportEntries (court : Court) (verdicts : Array Verdict) (env : Environment) (i : Nat) : IO Unit := do
  if h : i < court.entries.size then
    let entry := court.entries[i]
    exportConstant court.sink (Nat.repr entry.owner) entry.info
    exportJudgement court.sink env entry.info (verdicts.getD i .unseen)
    exportEntries court verdicts env (i + 1)

partial def judgeAll (court : Court) (i : Nat) : IO Unit := do
  if i < court.entries.size then
    let _ ← judge court i
    judgeAll court (i + 1)

/-- At the exported level an imported theorem looks like an axiom; the toolchain remembers what it was. -/
def originalKind (env : Environment) (info : ConstantInfo) : String :=
  match getOriginalConstKind? env info.name with
  | some .thm => "theorem"
  | some .defn => "definition"
  | some .axiom => "axiom"
  | some .opaque => "opaque"
  | some .induct => "inductive"
  | some .ctor => "constructor"
  | some .recursor => "recursor"
  | some .quot => "quotient"
  | none => kindOf info

/-- A `T` line: a toolchain constant that the project uses or the blueprint names. -/
def exportToolchain (court : Court) (name : Name) (words : Bool) : IO Unit := do
  match court.base.find? name with
  | none => return ()
  | some info =>
    let owner := match court.base.getModuleIdxFor? name with
      | some i => court.base.header.moduleNames.getD i.toNat .anonymous
      | none => .anonymous
    let prop ← isProposition court.base info.type
    let ownerId ← nameId court.sink owner
    let nameId ← nameId court.sink name
    let type ← exprId court.sink info.type
    let params ← nameIds court.sink info.levelParams "P"
    let text ← if words then signature court.base name else pure ""
    let doc ← if words then findSimpleDocString? court.base name else pure none
    emit court.sink ("T " ++ Nat.repr ownerId ++ " " ++ originalKind court.base info ++ " " ++ Nat.repr nameId ++ " "
      ++ Nat.repr type ++ (if prop then " 1 " else " 0 ") ++ hex text ++ " " ++ hex (doc.getD ""))
    emit court.sink params

/-- The constants that a project constant names, anywhere. -/
def mentions (info : ConstantInfo) : List Name := inRules (rulesOf info) (needs info)
where
  inRules (rules : List RecursorRule) (out : List Name) : List Name :=
    match rules with
    | [] => out
    | rule :: rest => inRules rest (joined rule.rhs.getUsedConstants.toList out)

def fresh (names : List Name) (seen : Table Name) (out : List Name) : Table Name × List Name :=
  match names with
  | [] => (seen, out)
  | name :: rest => match seen.find? sameName name.hash name with
    | some _ => fresh rest seen out
    | none => fresh rest (seen.insert name.hash name) (name :: out)

partial def mentioned (entries : Array Entry) (i : Nat) (seen : Table Name) (out : List Name) : List Name :=
  if h : i < entries.size then
    let (seen, out) := fresh (mentions entries[i].info) seen out
    mentioned entries (i + 1) seen out
  else out

partial def exportMentioned (court : Court) (names : List Name) : IO Unit := do
  match names with
  | [] => return ()
  | name :: rest =>
    exportToolchain court name false
    exportMentioned court rest

partial def exportAsked (court : Court) (names : List Name) : IO Unit := do
  match names with
  | [] => return ()
  | name :: rest =>
    exportToolchain court name true
    exportAsked court rest

/-! The run. -/

partial def waitFor (path : System.FilePath) : IO String := do
  if ← path.pathExists then IO.FS.readFile path
  else
    IO.sleep 200
    waitFor path

def nameOf (components : List String) (name : Name) : Name :=
  match components with
  | [] => name
  | head :: rest => nameOf rest (.str name head)

def namesOf (separator : String) : List String → List Name
  | [] => []
  | text :: rest =>
    if text.isEmpty then namesOf separator rest
    else nameOf (text.splitOn separator) .anonymous :: namesOf separator rest

def importsOf : List Name → List Import
  | [] => []
  | name :: rest => { module := name } :: importsOf rest

def hold (count : Nat) (imports asked : List Name) : IO Unit := do
  let base ← importModules (importsOf imports).toArray {} (trustLevel := 0) (loadExts := true)
  let loading ← loadModules base count 0 { index := Table.empty, entries := #[], verdicts := #[] }
  let sink : Sink := {
    handle := ← IO.FS.Handle.mk "/scratch/export" .write
    waiting := ← IO.mkRef ""
    names := ← IO.mkRef Table.empty
    levels := ← IO.mkRef Table.empty
    exprs := ← IO.mkRef Table.empty }
  let court : Court := {
    sink, base, index := loading.index, entries := loading.entries
    env := ← IO.mkRef base
    verdicts := ← IO.mkRef loading.verdicts }
  judgeAll court 0
  exportEntries court (← court.verdicts.get) (← court.env.get) 0
  exportMentioned court (mentioned court.entries 0 Table.empty [])
  exportAsked court asked
  emit sink "end"
  flush sink
  sink.handle.flush

/-- The answer appears whole, so that nobody reads half of it. -/
def answer (text : String) : IO Unit := do
  IO.FS.writeFile "/scratch/answer.part" text
  IO.FS.rename "/scratch/answer.part" "/scratch/answer"

public def main : IO Unit := do
  let request ← waitFor "/requests/0"
  match request.splitOn "\n" with
  | count :: imports :: asked =>
    try
      hold (count.toNat?.getD 0) (namesOf "." (imports.splitOn " ")) (namesOf "\t" asked)
      answer "done"
    catch error => answer ("error: " ++ error.toString)
  | _ => answer "error: the request is not one"
