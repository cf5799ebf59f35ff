"""What Streamlit itself says on a page, which it says in English only, and the page's language for who hears it read.

Our own server hands the browser `framework.js`, which puts these words in place of the framework's. Under
`streamlit run app.py` there is no such route, and the framework keeps its English.
"""

import hashlib
import json
from pathlib import Path

import streamlit as st

from core.i18n import N_, _, language
from pages.ui import session
from pages.ui.text import markup

SCRIPT = (Path(__file__).parent / "framework.js").read_text(encoding="utf-8")
ROUTE = "/acceso/palabras.js"
_VERSION = hashlib.sha256(SCRIPT.encode()).hexdigest()[:12]

#: Its words and ours; `*` stands for what it says about. None that style.css knows a thing by.
WORDS = {
    "Skip to main content": N_("Ir al contenido"),
    "App pages": N_("Páginas"), "Sidebar": N_("Menú"), "Collapse sidebar": N_("Cerrar el menú"),
    "Expand sidebar": N_("Abrir el menú"), "Navigate to home page": N_("Ir al inicio"), "Logo": N_("Cartera al Día"),
    "Main menu": N_("Menú de la página"), "Notifications": N_("Avisos"), "Shortcut *": N_("Atajo *"),
    "Show password": N_("Mostrar la contraseña"), "Hide password": N_("Ocultar la contraseña"),
    "Show password text": N_("Mostrar la contraseña"), "Hide password text": N_("Ocultar la contraseña"),
    "Help for *": N_("Ayuda de *"), "Open": N_("Abrir"), "Close": N_("Cerrar"), "Next": N_("Siguiente"),
    "Choose date": N_("Elegir fecha"), "Choose date, *": N_("Elegir fecha, *"), "Clear date": N_("Quitar la fecha"),
    "Selected Date: *": N_("Fecha elegida: *"),
    "Next month": N_("Mes siguiente"), "Previous month": N_("Mes anterior"),
    "day, *": N_("día, *"), "month, *": N_("mes, *"), "year, *": N_("año, *"), "yyyy": N_("aaaa"),
    "Use arrow keys to navigate dates. Enter to select. Escape to close.":
        N_("Muévase con las flechas. Entrar elige la fecha y Escape cierra."),
    "Choose an option": N_("Elija una opción"), "Choose options": N_("Elija opciones"),
    "No results": N_("Nada coincide"),
    "Clear value": N_("Quitar lo elegido"), "Clear entry": N_("Borrar lo escrito"), "Clear all": N_("Quitar todo"),
    "Select all": N_("Elegir todo"), "Remove *": N_("Quitar *"),
    "Pagination": N_("Páginas de la lista"), "Next page": N_("Página siguiente"),
    "Previous page": N_("Página anterior"), "Page *": N_("Página *"),
    "Add files": N_("Cambiar el archivo"), "file upload": N_("subir un archivo"),
    "Cancel upload of *": N_("Cancelar *"),
    "Upload failed": N_("No se pudo subir"), "Click to retry upload": N_("Intentar otra vez"),
    "File must be * or smaller.": N_("El archivo pesa más de lo que se admite: *."),
    "* files are not allowed.": N_("Solo se admiten archivos .xlsx y .csv."),
    "Only one file is allowed.": N_("Suba un solo archivo."),
    "Search: *": N_("Buscar en: *"), "Fullscreen: *": N_("Pantalla completa: *"),
    "Show/hide columns: *": N_("Mostrar u ocultar columnas: *"), "Search": N_("Buscar"),
    "Fullscreen": N_("Pantalla completa"), "Close fullscreen": N_("Salir de pantalla completa"),
    "Show/hide columns": N_("Mostrar u ocultar columnas"), "Close Search": N_("Cerrar la búsqueda"),
    "Next Result": N_("Resultado siguiente"), "Previous Result": N_("Resultado anterior"),
    "Clear selection": N_("Quitar la selección"), "Clear selection: *": N_("Quitar la selección: *"),
    "Dataframe column menu": N_("Menú de la columna"),
    "Sort ascending": N_("Orden ascendente"), "Sort descending": N_("Orden descendente"),
    "Link to heading": N_("Enlace al título"),
    "Remove sort": N_("Quitar el orden"), "Format": N_("Formato"), "Autosize": N_("Ajustar el ancho"),
    "Pin column": N_("Fijar la columna"), "Unpin column": N_("Soltar la columna"),
    "Hide column": N_("Ocultar la columna"), "Copy column name": N_("Copiar el título"),
    "Copy to clipboard": N_("Copiar"), "Copied!": N_("Copiado"),
    "Scroll tabs left": N_("Pestañas anteriores"), "Scroll tabs right": N_("Pestañas siguientes"),
    "Failed to generate file for download":
        N_("El archivo no se pudo preparar. Actualice la página e intente otra vez."),
    "Download failed": N_("El archivo no se pudo descargar. Intente otra vez."),
    "Connection error": N_("Sin conexión"), "Connection timed out.": N_("La conexión tardó demasiado."),
    "Streamlit server is not responding. Are you connected to the internet?":
        N_("El servidor no responde. Revise su conexión; al volver, la página sigue sola."),
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
        N_("El servidor no responde. Si sigue así, avise a quien administra el sistema."),
}  # fmt: skip


def speak() -> None:
    """Writes the page's language and words into it; once a run."""
    if not session.TICKETS.served:
        return
    words = {english: _(ours) for english, ours in WORDS.items()}
    st.html(
        f'<div id="cartera-palabras" data-lang="{language()}" data-words="{markup(json.dumps(words))}"></div>'
        f'<script src="{ROUTE}?{_VERSION}"></script>',
        unsafe_allow_javascript=True,
    )
