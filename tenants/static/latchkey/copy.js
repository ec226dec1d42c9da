// Gives every [data-copy] value a button that copies it. Without script the value can still be selected with one click.
for (const value of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break; // plain http beyond loopback has no clipboard
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button latchkey-copy-button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(value.value ?? value.textContent);
    button.textContent = "Copied";
  });
  value.after(button);
}
