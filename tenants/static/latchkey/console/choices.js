// Gives the search fields of select2, which have none, the name that their label says.
"use strict";

function nameChoices() {
  for (const shown of document.querySelectorAll(".select2-selection__rendered[role=textbox]")) {
    const select = shown.closest(".select2-container").previousElementSibling;
    const label = select && select.labels && select.labels[0];
    if (label) {
      shown.setAttribute("aria-label", label.textContent.trim());
    }
  }
}

// jQuery calls in the order of asking, and whatever makes the fields has asked before.
document.addEventListener("DOMContentLoaded", () => window.django.jQuery(nameChoices));
