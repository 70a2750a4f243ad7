// Proposes the reader's own time zone where none was chosen yet.
"use strict";

for (const field of document.querySelectorAll('select[data-time-zone=""]')) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...field.options].some((option) => option.value === zone)) {
        field.value = zone;
    }
}
