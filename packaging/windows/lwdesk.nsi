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

LangString RUNNING ${LANG_ENGLISH} "${NAME} is running. Close its window or wait for its command to end, then try again. A job that runs can be resumed."
LangString RUNNING ${LANG_GREEK} "Το ${NAME} εκτελείται. Κλείστε το παράθυρό του ή περιμένετε να τελειώσει η εντολή του και δοκιμάστε ξανά. Μια εργασία που εκτελείται μπορεί να συνεχιστεί."
LangString HELD ${LANG_ENGLISH} "Another program uses a file of ${NAME} in $INSTDIR. Restart the computer, then try again."
LangString HELD ${LANG_GREEK} "Ένα άλλο πρόγραμμα χρησιμοποιεί ένα αρχείο του ${NAME} στο $INSTDIR. Επανεκκινήστε τον υπολογιστή και δοκιμάστε ξανά."

; A program that runs cannot be opened for writing: neither the window nor a command may be at work.
!macro FREE program
  again_${program}:
  IfFileExists "$INSTDIR\${program}.exe" 0 free_${program}
  ClearErrors
  FileOpen $0 "$INSTDIR\${program}.exe" a
  IfErrors 0 close_${program}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY again_${program}
  SetErrorLevel 1
  Quit
  close_${program}:
  FileClose $0
  free_${program}:
!macroend

; Whatever else holds a file (a scanner, an open folder): the exit code says so, and the next try goes on from here.
!macro REPLACED
  IfErrors 0 +4
  MessageBox MB_OK|MB_ICONSTOP "$(HELD)" /SD IDOK
  SetErrorLevel 2
  Quit
!macroend

Section "install"
  !insertmacro FREE ${NAME}
  !insertmacro FREE ${NAME}-gui
  ; what an older version had and this one has not would be in the way
  ClearErrors
  RMDir /r "$INSTDIR\_internal"
  !insertmacro REPLACED
  SetOutPath "$INSTDIR"
  SetOverwrite try
  File /r "${BUNDLE}${SLASH}*"
  !insertmacro REPLACED
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
  !insertmacro FREE ${NAME}
  !insertmacro FREE ${NAME}-gui
  ClearErrors
  RMDir /r "$INSTDIR\_internal"
  !insertmacro REPLACED
  Delete "$INSTDIR\${NAME}.exe"
  Delete "$INSTDIR\${NAME}-gui.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${NAME}.lnk"
  DeleteRegKey HKCU "${OPENS}"
  DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
