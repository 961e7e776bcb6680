# Builds CXR Desktop on Windows: powershell -ExecutionPolicy Bypass -File packaging\windows\build.ps1
# Needs Python 3.11 to 3.14 (64 bit). setup.exe is made too where NSIS (makensis) is installed.
# Without internet: fetch the wheels elsewhere (packaging/windows/fetch_wheels.py) and give their folder:
#   build.ps1 -Wheels D:\wheels
# Never run here by its authors: docs\installing.md has the checklist for whoever runs it first.
param(
    [string]$Python = "python",
    [string]$Wheels = "",
    [switch]$Gpu
)
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")

if ($Wheels) {
    $env:PIP_NO_INDEX = "1"
    $env:PIP_FIND_LINKS = (Resolve-Path $Wheels).Path
}
foreach ($folder in @("$env:ProgramFiles\NSIS", "${env:ProgramFiles(x86)}\NSIS")) {
    if (Test-Path "$folder\makensis.exe") { $env:PATH = "$folder;$env:PATH" }
}

$words = @("packaging\build.py")
if ($Gpu) { $words += "--gpu" }
& $Python @words
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

$films = "build\packaging\films"
$built = "build\packaging\venv\Scripts\python.exe"
& $built packaging\smoke_films.py $films
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
& $Python packaging\smoke.py dist\cxr-desktop --films $films
exit $LASTEXITCODE
