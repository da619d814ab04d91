/-
The untrusted half of a check: elaborates modules one after another, as asked.

It waits for `/requests/K` (K = 0, 1, ...), which holds a module's name, one component a line, below the
path of its source and the folder for the outcome. There it leaves the compiled files in `out` and then
its `answer`. An empty name ends the run. Everything it writes
is a chain of netstrings (`5:hello,`), because names and messages may hold any character.

The compiler's data of the core library is not shipped with this Lean, so code here that would specialise
an imported definition does not compile: loops are written out.
-/
module
import Lean.Elab.Frontend
open Lean

def field (text : String) : String := Nat.repr text.utf8ByteSize ++ ":" ++ text ++ ","

/-- The components of a name, outermost first, each as two fields: `s` or `n`, and the component. -/
def nameFields : Name → String
  | .anonymous => ""
  | .str parent text => nameFields parent ++ field "s" ++ field text
  | .num parent index => nameFields parent ++ field "n" ++ field (Nat.repr index)

def severityText : MessageSeverity → String
  | .information => "info"
  | .warning => "warning"
  | .error => "error"

def positionFields (line column : Nat) : String := field (Nat.repr line) ++ field (Nat.repr column)

partial def messageFields (messages : List Message) (out : String) : IO String := do
  match messages with
  | [] => return out
  | message :: rest =>
    let text ← message.data.toString
    let record := field (severityText message.severity) ++ positionFields message.pos.line message.pos.column ++ field text
    messageFields rest (if message.isSilent then out else out ++ field ("m") ++ field record)

/-- What an environment extension keeps of the module, as the `.olean` file will. -/
partial def entriesOf (extension : Name) (entries : Array (Name × Array EnvExtensionEntry)) (i : Nat) :
    Array EnvExtensionEntry :=
  if h : i < entries.size then
    if entries[i].1 == extension then entries[i].2 else entriesOf extension entries (i + 1)
  else #[]

unsafe def asRangeImpl (entry : EnvExtensionEntry) : Name × DeclarationRanges := unsafeCast entry

@[implemented_by asRangeImpl]
opaque asRange (entry : EnvExtensionEntry) : Name × DeclarationRanges

def rangeFields (env : Environment) (name : Name) (ranges : DeclarationRanges) : IO String := do
  let doc? ← findSimpleDocString? env name
  let range := ranges.range
  return field "d" ++ field (field (nameFields name) ++ positionFields range.pos.line range.endPos.line ++ field (doc?.getD ""))

partial def declarationFields (env : Environment) (entries : Array EnvExtensionEntry) (i : Nat) (out : String) :
    IO String := do
  if h : i < entries.size then
    let (name, ranges) := asRange entries[i]
    declarationFields env entries (i + 1) (out ++ (← rangeFields env name ranges))
  else return out

partial def anyError : List Message → Bool
  | [] => false
  | message :: rest => match message.severity with
    | .error => true
    | _ => anyError rest

def inputOf (fileName text : String) : Parser.InputContext :=
  { inputString := text, fileName, fileMap := FileMap.ofString text, endPos := text.rawEndPos,
    endPos_valid := Nat.le_refl _ }

def parsed (input : Parser.InputContext) : IO (TSyntax ``Parser.Module.header × Parser.ModuleParserState × MessageLog) :=
  Parser.parseHeader input

def headed (mod : Name) (input : Parser.InputContext) (header : TSyntax ``Parser.Module.header)
    (messages : MessageLog) : IO (Environment × MessageLog) :=
  Elab.processHeader header {} messages input (mainModule := mod)

def elaborated (input : Parser.InputContext) (start : Parser.ModuleParserState) (state : Elab.Command.State) :
    IO Elab.Frontend.State :=
  Elab.IO.processCommands input start state

/-- Definitions need not compile: this Lean cannot compile all that others can, and nothing is run. -/
def uncompiled (state : Elab.Command.State) : Elab.Command.State :=
  match state.scopes with
  | scope :: rest => { state with scopes := { scope with isNoncomputable := true } :: rest }
  | [] => state

/-- This Lean finds no constants that the compiler made when it reads a module: notation and macros that have
them could not be used in another file. -/
def settings : String := "set_option compiler.extract_closed false\n"

def scope : String :=
  "set_option backward.privateInPublic true\nset_option backward.privateInPublic.warn false\n@[expose] public section"

/-- A plain file's declarations are made public and their bodies exposed, so that other files see them; bodies
may use private ones, as in any plain file. -/
def openScope (header : TSyntax ``Parser.Module.header) (state : Elab.Command.State) : IO Elab.Command.State := do
  let text := if Elab.HeaderSyntax.isModule header then settings else settings ++ scope
  let opened ← elaborated (inputOf "<scope>" text) {} state
  return opened.commandState

partial def makeFolders (folder : System.FilePath) : List String → IO System.FilePath
  | [] => return folder
  | [last] => return folder / last
  | head :: rest => do
    let next := folder / head
    unless ← next.pathExists do IO.FS.createDir next
    makeFolders next rest

/-- Elaborates one module; its record starts with `built` or `failed`. -/
def elaborate (components : List String) (mod : Name) (source folder : String) : IO String := do
  let text ← IO.FS.readFile source
  let input := inputOf source text
  let (header, start, messages) ← parsed input
  let (env, messages) ← headed mod input header messages
  if anyError messages.toList then
    return field "failed" ++ (← messageFields messages.toList "")
  let state ← elaborated input start (← openScope header (uncompiled (Elab.Command.mkState env messages {})))
  let env := state.commandState.env
  let log := state.commandState.messages.toList
  let said ← messageFields log ""
  if anyError log then return field "failed" ++ said
  let data ← mkModuleData env .private
  let places ← declarationFields env (entriesOf declRangeExt.name data.entries 0) 0 ""
  let target ← makeFolders (System.FilePath.mk (folder ++ "/out")) components
  writeModule env (target.addExtension "olean")
  return field "built" ++ said ++ places

partial def waitFor (path : System.FilePath) : IO String := do
  if ← path.pathExists then IO.FS.readFile path
  else
    IO.sleep 20
    waitFor path

def nameOf (components : List String) (name : Name) : Name :=
  match components with
  | [] => name
  | head :: rest => nameOf rest (.str name head)

def linesOf (text : String) : List String := text.splitOn "\n"

def finish (path : String) (record : String) : IO Unit := do
  IO.FS.writeFile (path ++ ".part") record
  IO.FS.rename (path ++ ".part") path

partial def serve (k : Nat) : IO Unit := do
  let request ← waitFor (System.FilePath.mk ("/requests/" ++ Nat.repr k))
  match linesOf request with
  | source :: folder :: first :: rest =>
    let components := first :: rest
    -- What fails here, such as a full disk, is no fault of the module.
    let record ← try elaborate components (nameOf components .anonymous) source folder
      catch error => pure (field "stopped" ++ field "m" ++ field (field "error" ++ positionFields 1 0 ++ field error.toString))
    finish (folder ++ "/answer") record
    serve (k + 1)
  | _ => return ()

public def main : IO Unit := do
  IO.FS.writeFile "/scratch/ready" "ready"
  serve 0
