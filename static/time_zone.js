// Preselects the browser's time zone.
"use strict";

for (const field of document.querySelectorAll('select[data-time-zone=""]')) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...field.options].some((option) => option.value === zone)) {
        field.value = zone;
    }
}
