"""Visitas: the route of a day in its order, moved, dropped; each role as it may."""

import pytest

from core.auth.actor import Role, system
from core.collections.visits import plan_visit, visits_of
from core.db import reading, transaction
from tests.build import TODAY, a_customer, an_actor
from tests.core.collections.builders import days

PATH = "pages/collections/visits.py"


@pytest.fixture
def route(database, business_day):
    """ana goes to Uno and then to Dos; luis to Tres; tomorrow nobody goes anywhere."""
    business_day(TODAY)
    with transaction() as session:
        for code, name, who in (("C1", "Uno", "ana"), ("C2", "Dos", "ana"), ("C3", "Tres", "luis")):
            one = a_customer(session, code, legal_name=name, collector=who, phone="81 5555 0000")
            plan_visit(
                session, system(), customer_id=one.id or 0, planned_on=TODAY, collector=who,
                address="Av. Juárez 10, Monterrey", purpose="Recoger un pago",
            )  # fmt: skip


def texts(at):
    assert not at.exception
    kinds = (at.title, at.markdown, at.caption, at.error)
    return " ".join(str(one.value) for kind in kinds for one in kind)


def stops(at):
    return [one.label.strip("*") for one in at.button if (one.key or "").startswith("abrir_visita_")]


def keys(at, start):
    return [one for one in at.button if (one.key or "").startswith(start)]


def test_a_collector_sees_his_route_with_the_way_and_the_telephone(user, route, screen):
    at = screen(PATH, user("ana", "collector")).run()
    assert stops(at) == ["1. Uno", "2. Dos"]
    assert r"Av\. Juárez 10, Monterrey · Recoger un pago" in texts(at)
    urls = {one.proto.url for one in at.get("link_button")}
    assert "https://www.google.com/maps/search/?api=1&query=Av.+Ju%C3%A1rez+10%2C+Monterrey" in urls
    assert any(url.startswith("https://www.google.com/maps/dir/") for url in urls)
    assert "tel:8155550000" in urls
    assert "2 visitas · faltan 2" in texts(at)


def test_who_goes_is_told_by_full_name_to_others_only(user, route, screen):
    collector = user("ana", "collector", full_name="Ana Treviño")
    assert "Ana Treviño" not in texts(screen(PATH, collector).run())
    assert "Recoger un pago · Ana Treviño" in texts(screen(PATH, user("jefa", "manager")).run())


def test_routes_of_several_collectors_make_no_one_way(user, route, screen):
    boss = user("jefa", "manager")
    assert not [one for one in screen(PATH, boss).run().get("link_button") if "/dir/" in one.proto.url]
    assert [one for one in screen(PATH, boss, gestor="ana").run().get("link_button") if "/dir/" in one.proto.url]


def test_a_stop_moves_up_and_down(user, route, screen):
    at = screen(PATH, user("ana", "collector")).run()
    up = keys(at, "mover_arrow_upward_")
    assert [one.disabled for one in up] == [True, False]
    up[1].click().run()
    assert stops(at) == ["1. Dos", "2. Uno"]


def test_another_day_is_another_route(user, route, screen):
    at = screen(PATH, user("ana", "collector"), dia=f"{days(1):%Y-%m-%d}").run()
    assert "Ninguna visita ese día" in texts(at)


def test_a_supervisor_sees_all_routes_and_plans_for_others(user, route, screen):
    boss = user("jefa", "manager")
    at = screen(PATH, boss).run()
    assert stops(at) == ["1. Uno", "2. Dos", "1. Tres"]
    assert keys(at, "visit_plan")
    assert not keys(at, "resultado_")  # who supervises records no contacts
    assert stops(screen(PATH, boss, gestor="luis").run()) == ["1. Tres"]


def test_who_only_reads_changes_nothing(user, route, screen):
    at = screen(PATH, user("auditor", "auditor")).run()
    assert len(stops(at)) == 3
    assert not keys(at, "mover_")
    assert not keys(at, "visit_plan")


def test_it_is_not_for_a_sales_rep(user, route, screen):
    assert stops(screen(PATH, user("rep", "sales_rep")).run()) == []


def test_a_stop_that_was_made_or_dropped_has_no_buttons(user, route, screen):
    from core.collections.visits import drop_visit

    with transaction() as session:
        first = visits_of(session, system(), on=TODAY)[0]
        drop_visit(session, an_actor(Role.COLLECTOR, name="ana"), visit_id=first.id, reason="Pagó ayer")
    at = screen(PATH, user("ana", "collector")).run()
    assert "Cancelada: Pagó ayer" in texts(at).replace("\\", "")
    assert len(keys(at, "cancelar_")) == 1
    with reading() as session:
        assert [row.dropped for row in visits_of(session, system(), on=TODAY, collector="ana")] == ["Pagó ayer", None]
