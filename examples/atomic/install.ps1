# Installs Atomic CLI for this user, on Windows 10 1809 or later.
#
#     .\install.ps1 [-Version v0.1.0] [-To FOLDER] [-From FOLDER] [-NoTelemetry]
#
# It reports nothing, creates no id and asks nothing: Atomic itself asks, at the first `atomic init`.
# It makes the data folder, which stays empty until then. With -NoTelemetry the answer is no before it
# could. The variables ATOMIC_TELEMETRY=0 and DO_NOT_TRACK=1 hold for Atomic as everywhere, while they are
# set.
# -From is a folder with the archive, for machines without a network.
#
# To remove Atomic: `atomic uninstall` in each project, which also deletes all telemetry data, and then
# the folder of the program and the data folder.

[CmdletBinding()]
param(
    [string]$Version = "latest",
    [string]$To = (Join-Path $env:LOCALAPPDATA "Programs\atomic"),
    [string]$From = "",
    [switch]$NoTelemetry
)

Set-StrictMode -Version 3
$ErrorActionPreference = "Stop"
# Windows PowerShell draws its progress more slowly than it downloads.
$ProgressPreference = "SilentlyContinue"

$machine = if ($env:PROCESSOR_ARCHITECTURE -eq "ARM64") { "aarch64" } else { "x86_64" }
$archive = "atomic-$machine-pc-windows-msvc.zip"
$work = Join-Path ([IO.Path]::GetTempPath()) ([Guid]::NewGuid().ToString())
New-Item -ItemType Directory -Path $work | Out-Null
try {
    $releases = "https://github.com/headcount-rs/headcount/releases"
    $release = if ($Version -eq "latest") { "$releases/latest/download" } else { "$releases/download/$Version" }
    foreach ($name in $archive, "$archive.sha256") {
        if ($From) {
            Copy-Item (Join-Path $From $name) $work
        } else {
            # Windows PowerShell offers no TLS 1.2 by itself on older systems.
            [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor 3072
            Invoke-WebRequest -UseBasicParsing "$release/$name" -OutFile (Join-Path $work $name)
        }
    }
    $expected = ((Get-Content (Join-Path $work "$archive.sha256")) -split " ")[0]
    $found = (Get-FileHash -Algorithm SHA256 (Join-Path $work $archive)).Hash
    if ($found -ne $expected) {
        throw "$archive has the checksum $found, not ${expected}: download it again."
    }
    Expand-Archive (Join-Path $work $archive) $work
    New-Item -ItemType Directory -Force -Path $To | Out-Null
    Copy-Item -Force (Join-Path $work "atomic.exe") $To
} finally {
    Remove-Item -Recurse -Force $work
}

$data = Join-Path $env:LOCALAPPDATA "atomic"
New-Item -ItemType Directory -Force -Path $data | Out-Null

# The variables in a path stay variables: the plain function would write what they contain now.
$key = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey("Environment", $true)
$path = [string]$key.GetValue("Path", "", "DoNotExpandEnvironmentNames")
if (($path -split ";") -notcontains $To) {
    $key.SetValue("Path", (@($path.TrimEnd(";"), $To) | Where-Object { $_ }) -join ";", "ExpandString")
    # Removes nothing, and tells open windows that the environment has changed.
    [Environment]::SetEnvironmentVariable("ATOMIC_PATH_CHANGED", $null, "User")
}
$key.Close()

$atomic = Join-Path $To "atomic.exe"
if ($NoTelemetry) {
    & $atomic telemetry off
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
Write-Output "Atomic CLI is installed in $To. Open a new terminal to use it: atomic init"
if (-not $NoTelemetry) {
    Write-Output "You can opt out anytime with: `$env:ATOMIC_TELEMETRY = `"0`""
    Write-Output "To change your mind: atomic telemetry off"
}
Write-Output "To remove it: atomic uninstall, and then delete the folder $To"
