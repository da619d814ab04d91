"""What we change in our copy of `lean.js`, each change with its reason."""

from __future__ import annotations

# Folders inside Lean's world, given as JSON [[path inside, folder of the host], ...].
MOUNTS = "CHANTIER_MOUNTS"

# (what stands there, exactly once; what we put instead)
PATCHES = (
    # A list of 200,000 names was made and searched for each of thousands of look-ups: 134 s instead of 10.
    (
        "newSymIndex=Object.keys(lib.exports).indexOf(symbol)",
        "lib.symbolIndices??=new Map(Object.keys(lib.exports).map((name,index)=>[name,index]));"
        "newSymIndex=lib.symbolIndices.get(symbol)??-1",
    ),
    # Node's permission model refuses `process.binding`.
    ('process.binding("constants")["fs"]', 'require("fs").constants'),
    # Lean sees the folders it is given, not all of /home and /tmp.
    (
        'FS.mount(NODEFS,{root:"/home"},"/home");FS.mount(NODEFS,{root:"/tmp"},"/tmp");var cwd=process.cwd();'
        'if(cwd.startsWith("/private/tmp/")){cwd=cwd.replace("/private/tmp/","/tmp/")}'
        'else if(cwd==="/private/tmp"){cwd="/tmp"}FS.chdir(cwd)',
        f'for(const[at,root]of JSON.parse(process.env["{MOUNTS}"]))'
        '{FS.mkdirTree(at);FS.mount(NODEFS,{root},at)}FS.chdir("/scratch")',
    ),
    # There is nobody to talk to.
    (
        'var Module=typeof Module!="undefined"?Module:{};',
        'for(const name of["fetch","WebSocket","EventSource","XMLHttpRequest"])delete globalThis[name];'
        'var Module=typeof Module!="undefined"?Module:{};',
    ),
    # Lean finds its library beside its program, and that lies where we mount it.
    ("if(isNode){path=__filename}", 'if(isNode){path="/toolchain/bin/lean"}'),
)


def patched(source: str) -> str:
    """`lean.js` with our changes. Raises `ValueError` when it is not the file we know."""
    for old, new in PATCHES:
        if source.count(old) != 1:
            raise ValueError(f"expected once: {old[:60]}")
        source = source.replace(old, new)
    return source
