"""Why a Word file cannot be drawn, and what to do about it in Word."""

from core.i18n import N_, _

REASONS = {
    "sections": N_("Tiene varias secciones. Deje una sola: quite los saltos de sección."),
    "columns": N_("El texto está en columnas. Use una sola columna, o una tabla sin bordes."),
    "odd_even": N_("Tiene encabezados distintos en páginas pares e impares. Use el mismo en todas."),
    "margins": N_("Los márgenes casi no dejan lugar al texto. Hágalos más chicos."),
    "changes": N_("Tiene cambios marcados. En Word: Revisar, Aceptar todos los cambios."),
    "comments": N_("Tiene comentarios. En Word: Revisar, Eliminar todos los comentarios."),
    "notes": N_("Tiene notas al pie o al final. Escríbalas en el texto."),
    "shape": N_("Tiene una forma, un gráfico o un cuadro de texto. Escríbalo como párrafo o tabla."),
    "object": N_("Tiene un objeto incrustado. Quítelo."),
    "formula": N_("Tiene una fórmula. Escríbala como texto."),
    "symbol": N_("Tiene un símbolo de una fuente especial. Use un carácter común."),
    "tab": N_("Tiene tabuladores a mitad de un renglón. Alinee con una tabla sin bordes."),
    "unknown": N_("Tiene algo que no se puede dibujar ({about}). Quítelo."),
    "frame": N_("Tiene un marco o una letra capital. Use un párrafo común."),
    "borders": N_("Un párrafo tiene bordes a los lados. Use una tabla de una celda."),
    "numbering": N_("Una lista usa una numeración que no se puede dibujar. Use 1, a, A, i o viñetas."),
    "hidden": N_("Tiene texto oculto. Muéstrelo o bórrelo."),
    "floating": N_("Una imagen o tabla flota sobre el texto. En Word: Ajustar texto, En línea con el texto."),
    "picture_size": N_("Una imagen es demasiado grande. Redúzcala."),
    "picture_kind": N_("Una imagen no se puede leer. Use PNG o JPG."),
    "picture_in_text": N_("Una imagen está entre el texto. Déjela sola en su párrafo o en una celda de tabla."),
    "table_style": N_("La tabla tiene el estilo «{about}», con bandas. Use «Tabla con cuadrícula»."),
    "empty_table": N_("Una tabla no tiene celdas. Quítela."),
    "ragged_table": N_("Los renglones de una tabla no tienen las mismas columnas. Combine celdas en vez de quitarlas."),
    "direction": N_("Una celda tiene texto girado. Póngalo horizontal."),
    "field": N_("Tiene un campo de Word ({about}). Solo se pueden usar los números de página."),
    "page_in_body": N_("El número de página solo puede ir en el encabezado o en el pie."),
    "too_wide": N_("Algo no cabe en la página: una imagen o una celda demasiado alta o ancha."),
}


def told(reason: tuple[str, str]) -> str:
    """A reason as a sentence."""
    key, about = reason
    return _(REASONS[key]).format(about=about)
