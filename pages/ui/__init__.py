"""What screens are made of. A screen is one file in `pages/<area>/`, read top to bottom, 80 lines at most:

    \"\"\"Antigüedad de saldos: who owes what, and for how long.\"\"\"

    import streamlit as st

    from core.auth.actor import Permission
    from core.i18n import _
    from core.portfolio.aging import aging_by_customer
    from pages.ui import columns, downloads, empty, forms, frame, guard, menu

    actor = guard.require(Permission.VIEW_PORTFOLIO)      # first statement: who, may he, which language
    frame.head(_("Cartera por antigüedad"), _("Saldos abiertos a la fecha de corte"))   # title, search, flash

    with guard.reading() as session:                      # core.db.reading(); a refusal becomes our own page
        aging = aging_by_customer(session, actor, as_of=as_of)
    if not aging.rows:
        empty.state(_("No hay saldos abiertos"), _("Cambie los filtros o cargue documentos."), link="import_file")
        st.stop()
    columns.grid(aging.rows, {"name": columns.text(_("Cliente")), "total": columns.money(_("Total"))}, key="cartera")
    downloads.buttons(lambda who: aging_sheet(who, as_of), _("antiguedad"), key="cartera")   # made on the click

    with st.form("nota"):                                 # a command
        amount = st.text_input(_("Importe"), key=forms.key("nota", "importe"))
        if forms.button(_("Guardar nota"), "nota"):
            forms.submit(
                lambda session: issue(session, actor, amount=forms.amount(amount), submission=forms.token("nota")),
                form="nota", done=_("Nota guardada."),
            )

- The screen is listed once in `menu.SCREENS`; its stem is its address. `menu.link(stem, …)` and `menu.go(stem, …)` lead
  to another one, with what belongs in its address as keywords.
- `forms.submit` opens the transaction, shows a refusal as an error and keeps what was typed; when it went well it
  leaves a message for the next run, empties the form (its keys hold a token that only success retires) and reruns.
  A double click runs the command once; a table with a UNIQUE `submission` gets `forms.token(form)`.
- Dialogs and fragments are `@guard.dialog(title)` and `@guard.fragment`: Streamlit runs them without the screen
  around them, so they ask again who it is and in which language. Their bodies hold no rows of the outer run.
- Cards are `frame.card("name")`; text from users goes through `text.plain()` in Markdown and `text.markup()` in HTML.
"""
