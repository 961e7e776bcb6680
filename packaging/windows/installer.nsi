; CXR Desktop for one Windows user, without administrator's rights. packaging/build.py calls makensis:
;   makensis -DVERSION=… -DPAYLOAD=folder -DTARGET=setup.exe -DKILOBYTES=… -DLICENCE=file installer.nsi
; Silent: setup.exe /S [/D=C:\Folder]      (/D last, without quotes)
; Silent removal: uninstall.exe /S [/DELETEDATA]      without /DELETEDATA every user's data stay

Unicode true
SetCompressor zlib  ; a seventh of the time of lzma at most; docs/installing.md has the figures
RequestExecutionLevel user

!include "LogicLib.nsh"
!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "x64.nsh"

!define NAME "CXR Desktop"
!define ID "cxr-desktop"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"

Name "${NAME}"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
BrandingText "${NAME} ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Installs ${NAME}"
VIAddVersionKey "LegalCopyright" "Apache-2.0"

!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP "${NAME} needs a 64-bit Windows." /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
FunctionEnd

; A program file that runs cannot be opened for writing.
!macro STOP_WHILE_RUNNING folder
  ${If} ${FileExists} "${folder}\${ID}-window.exe"
    ClearErrors
    FileOpen $0 "${folder}\${ID}-window.exe" a
    ${If} ${Errors}
      MessageBox MB_OK|MB_ICONSTOP "Close ${NAME} first, then try again." /SD IDOK
      SetErrorLevel 3
      Quit
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

Section "Program"
  !insertmacro STOP_WHILE_RUNNING "$INSTDIR"
  ; An update replaces the program as a whole: a file of the old version must not be found by the new.
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${ID}-window.exe"

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${ID}-window.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  !insertmacro STOP_WHILE_RUNNING "$INSTDIR"
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licences"
  RMDir /r "$INSTDIR\gpu"  ; the GPU add-on, laid there by IT
  Delete "$INSTDIR\${ID}.exe"
  Delete "$INSTDIR\${ID}-window.exe"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\NOTICE"
  Delete "$INSTDIR\THIRD_PARTY.md"
  Delete "$INSTDIR\sbom.cdx.json"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"  ; only when nothing else is in it
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"

  ; Patients' films and answers are never removed by the way.
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DELETEDATA" $1
  ${IfNot} ${Errors}
    RMDir /r "$LOCALAPPDATA\${ID}"
  ${EndIf}
SectionEnd
