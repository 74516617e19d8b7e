; Installs for one person, without admin rights: into %LOCALAPPDATA%\Programs, registered under HKCU.
; What the person does with it is kept in %LOCALAPPDATA%\lwdesk, which neither an upgrade nor a removal touches.
; /S installs and removes without a question.
Unicode true
SetCompressor /SOLID lzma
!include "MUI2.nsh"
!include "FileFunc.nsh"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define OPENS "Software\Classes\Applications\${NAME}-gui.exe"

Name "${NAME}"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
RequestExecutionLevel user
BrandingText "${NAME} ${VERSION}"
ManifestDPIAware true
VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "FileDescription" "${WORDS}"
VIAddVersionKey "CompanyName" "${AUTHORS}"
VIAddVersionKey "LegalCopyright" "MIT licence"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${NAME}-gui.exe"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Greek"

LangString RUNNING ${LANG_ENGLISH} "${NAME} is open. Close it, then try again; a job that runs goes on where it stopped."
LangString RUNNING ${LANG_GREEK} "Το ${NAME} είναι ανοιχτό. Κλείστε το και δοκιμάστε ξανά· μια εργασία που εκτελείται συνεχίζει από εκεί που σταμάτησε."

; A program that runs cannot be opened for writing.
!macro CLOSED
  again:
  IfFileExists "$INSTDIR\${NAME}-gui.exe" 0 closed
  ClearErrors
  FileOpen $0 "$INSTDIR\${NAME}-gui.exe" a
  IfErrors 0 free
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY again
  SetErrorLevel 1
  Quit
  free:
  FileClose $0
  closed:
!macroend

Section "install"
  !insertmacro CLOSED
  ; what an older version had and this one has not would be in the way
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${BUNDLE}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${NAME}-gui.exe"

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${AUTHORS}"
  WriteRegStr HKCU "${UNINSTALL}" "URLInfoAbout" "${HOMEPAGE}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${NAME}-gui.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${SIZE}
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1

  ; offered under "Open with"; what opens sheets by a double click stays what it is
  WriteRegStr HKCU "${OPENS}" "FriendlyAppName" "${NAME}"
  WriteRegStr HKCU "${OPENS}\shell\open\command" "" '"$INSTDIR\${NAME}-gui.exe" "%1"'
  WriteRegStr HKCU "${OPENS}\SupportedTypes" ".xlsx" ""
  WriteRegStr HKCU "${OPENS}\SupportedTypes" ".xls" ""
  WriteRegStr HKCU "${OPENS}\SupportedTypes" ".ods" ""
  WriteRegStr HKCU "${OPENS}\SupportedTypes" ".csv" ""
SectionEnd

Section "uninstall"
  !insertmacro CLOSED
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\${NAME}.exe"
  Delete "$INSTDIR\${NAME}-gui.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${OPENS}"
  DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
