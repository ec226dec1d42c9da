// Shows /api/v2/openapi.json with Swagger UI. A token that is typed in stays in this page's memory.
window.addEventListener("DOMContentLoaded", () => {
  window.SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#operations",
    presets: [window.SwaggerUIBundle.presets.apis],
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    deepLinking: true,
    filter: true,
    // No outside host judges the document.
    validatorUrl: null,
    persistAuthorization: false,
  });
});
