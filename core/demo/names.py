"""Invented names, places, tax ids and telephones. Places and firms are made up; no real company is meant."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from stdnum.mx.rfc import calc_check_digit

from core.customers.search import folded


class Place(NamedTuple):
    """Where a branch of the demo company sells."""

    region: str
    district: str
    dialing: str


PLACES = (
    Place("Norte", "Monterrey", "81"), Place("Norte", "Saltillo", "844"), Place("Norte", "Chihuahua", "614"),
    Place("Centro", "Ciudad de México", "55"), Place("Centro", "Querétaro", "442"), Place("Centro", "Puebla", "222"),
    Place("Sur", "Mérida", "999"), Place("Sur", "Villahermosa", "993"), Place("Sur", "Oaxaca", "951"),
)  # fmt: skip
#: Segment, what its firms are called, and how many of a hundred customers are of it.
SEGMENTS = (
    ("Distribuidor", ("Aceros", "Materiales", "Distribuidora", "Comercializadora", "Tubos y Perfiles"), 34),
    ("Construcción", ("Constructora", "Edificaciones", "Obras y Caminos", "Desarrollos", "Prefabricados"), 26),
    ("Ferretería", ("Ferretería", "Tlapalería", "Pinturas", "Casa de Materiales", "Herrajes"), 24),
    ("Industrial", ("Industrias", "Maquinados", "Pailería", "Troqueles", "Estructuras Metálicas"), 16),
)
#: The sales reps of each region, and its collectors by the name under which they sign in.
REPS = {
    "Norte": ["Héctor Villarreal", "Daniela Cantú", "Óscar Treviño"],
    "Centro": ["Sofía Garza", "Raúl Elizondo", "Leticia Nájera"],
    "Sur": ["Tomás Balam", "Verónica Pech", "Iván Domínguez"],
}
COLLECTORS = {
    "Norte": {"ana.salgado": "Ana Salgado", "jorge.lara": "Jorge Lara"},
    "Centro": {"norma.medina": "Norma Medina", "luis.ochoa": "Luis Ochoa"},
    "Sur": {"silvia.chan": "Silvia Chan", "ramon.cuevas": "Ramón Cuevas"},
}
_FIRST = (
    "Peña", "Cerro", "Valle", "Puerto", "Loma", "Cañada", "Laguna", "Arroyo", "Mesa", "Hacienda", "Rincón", "Barranca",
    "Paso", "Vega", "Monte", "Ribera", "Llano", "Cumbre", "Ojo", "Salto",
)  # fmt: skip
_SECOND = (
    "Bermeja", "del Mirto", "de la Garúa", "del Tordo", "Quebrada", "del Zarzal", "de Ámbar", "del Cierzo", "Ventoso",
    "de los Sauzales", "del Alfarero", "de Cobre", "del Herrero", "de la Tuna", "Escondido", "del Halcón", "de Jade",
    "del Molino", "Colorado", "de la Cantera", "del Yunque", "de Sal", "del Encino", "Sereno",
)  # fmt: skip
_FORMS = ("S.A. de C.V.", "S.A. de C.V.", "S.A. de C.V.", "S. de R.L. de C.V.", "S.A.P.I. de C.V.")
GIVEN = (
    "María", "José", "Guadalupe", "Juan", "Rosa", "Luis", "Ana", "Carlos", "Verónica", "Jorge", "Leticia", "Miguel",
    "Patricia", "Raúl", "Silvia", "Óscar", "Gabriela", "Héctor", "Norma", "Iván", "Daniela", "Ramón", "Sofía", "Tomás",
)  # fmt: skip
FAMILY = (
    "Ríos", "Cantú", "Peña", "Salgado", "Treviño", "Montes", "Nájera", "Ochoa", "Pech", "Zamarrón", "Villarreal",
    "Lara", "Elizondo", "Garza", "Domínguez", "Chan", "Balam", "Cuevas", "Aguirre", "Beltrán", "Solís", "Medina",
    "Ibarra", "Núñez",
)  # fmt: skip
_SIGNS = "123456789ABCDEFGHIJKLMNPQRSTUVWXYZ"


def firm(rng: Random, words: tuple[str, ...]) -> str:
    """`Aceros Peña Bermeja, S.A. de C.V.`"""
    return f"{rng.choice(words)} {rng.choice(_FIRST)} {rng.choice(_SECOND)}, {rng.choice(_FORMS)}"


def foreign_firm(rng: Random) -> str:
    """`Laguna Ventoso Building Supply, LLC`."""
    return f"{rng.choice(_FIRST)} {rng.choice(_SECOND).split()[-1].title()} Building Supply, LLC"


def person(rng: Random) -> str:
    """`Rosa Peña Ríos`."""
    return f"{rng.choice(GIVEN)} {rng.choice(FAMILY)} {rng.choice(FAMILY)}"


def tax_id(rng: Random, name: str, *, is_person: bool) -> str:
    """An RFC made up by the rule: letters of the name, a date, two signs and the check digit."""
    letters = "".join(sign for sign in folded(name).upper() if sign.isalpha()).replace("Ñ", "X")
    head = (letters[0] + letters[2:5]) if is_person else letters[0] + letters[3] + letters[-4]
    on = date(1960, 1, 1) + timedelta(days=rng.randrange(12_000)) if is_person else (
        date(1985, 1, 1) + timedelta(days=rng.randrange(12_000))
    )  # fmt: skip
    bare = f"{head}{on:%y%m%d}{rng.choice(_SIGNS[:30])}{rng.choice(_SIGNS)}"
    return bare + calc_check_digit(bare)


def phone(rng: Random, dialing: str) -> str:
    """A telephone of ten figures with the area code of the place."""
    return f"{dialing} {rng.randrange(10 ** (5 - len(dialing)), 10 ** (6 - len(dialing)))} {rng.randrange(10_000):04d}"


def address(name: str, who: str = "pagos") -> str:
    """A mail address that cannot exist: `.example` is nobody's."""
    words = [word for word in folded(name.partition(",")[0]).split() if len(word) > 2]
    return f"{who}@{''.join(words[-2:])}.example"
