"""Invented openings in real municipalities: for the demo and for tests without real data."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from puente.engines.occupations.text import fold
from puente.offices.models import Municipality
from puente.opportunities.imports.mapping import Mapping, Options
from puente.opportunities.models import Employer, ImportBatch, ImportSource
from puente.opportunities.selectors.wages import find_minimum_wage
from puente.opportunities.services import imports
from puente.opportunities.services.employers import EmployerFacts, edit_employer, judge_employer
from puente.platform.policy import Actor
from puente.platform.row_security import acting_as
from puente.platform.uploads import Table, TableRow

SOURCE = "Ofertas inventadas, ejemplo"
SEED = 20261123
PLACES_A_STATE = 4
WARNED = 7
#: States that more of the returned go home to (domain facts, H6) get more openings.
WEIGHTS = {"16": 4, "12": 4, "11": 3, "20": 3, "21": 3, "30": 3, "07": 3, "14": 3, "08": 3, "32": 2, "10": 2, "15": 2}
LAW_BARS = "Ley Federal del Trabajo, artículo 175, fracción II"

HEADER = (
    "key", "kind", "title", "employer", "description", "state", "municipality", "wage_min", "wage_max", "cost",
    "support_amount", "starts_at", "ends_at", "days_a_week", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "rotates", "schooling", "english", "licences", "documents", "physical", "age_min",
    "age_ground", "housing", "household_places", "places", "valid_from", "valid_until",
)  # fmt: skip


@dataclass(frozen=True)
class Trade:
    """One kind of offer: wage as a multiple of the minimum wage, hours, and what it asks for."""

    title: str
    business: str
    pay: float
    starts_at: str = "08:00"
    ends_at: str = "17:00"
    days: int = 6
    asks: tuple[tuple[str, str], ...] = ()


TRADES = (
    Trade("Oficial albañil", "Construcciones", 1.35, asks=(("physical", "lifting_over_20_kg;heights;bending"),)),
    Trade("Ayudante de albañil", "Construcciones", 1.05, asks=(("physical", "lifting_over_20_kg;bending;heat"),)),
    Trade("Techador e impermeabilizador", "Recubrimientos", 1.3, asks=(("physical", "heights;heat"),)),
    Trade("Instalador de tablaroca", "Interiores", 1.4, asks=(("physical", "standing;heights"),)),
    Trade("Pintor de casas", "Acabados", 1.2, asks=(("physical", "standing;heights"),)),
    Trade("Plomero", "Instalaciones", 1.3, asks=(("schooling", "primary"), ("physical", "bending"))),
    Trade("Electricista", "Instalaciones", 1.5, asks=(("schooling", "secondary"), ("physical", "heights"))),
    Trade("Soldador", "Herrería", 1.5, asks=(("schooling", "primary"), ("physical", "fine_hand_work;heat"))),
    Trade("Carpintero", "Muebles", 1.3, asks=(("physical", "standing"),)),
    Trade("Mecánico automotriz", "Taller", 1.5, asks=(("schooling", "secondary"), ("physical", "bending"))),
    Trade("Jardinero", "Jardines", 1.05, asks=(("physical", "bending;heat"),)),
    Trade("Cocinero", "Cocina", 1.2, "10:00", "19:00", asks=(("physical", "standing;heat"),)),
    Trade("Lavaloza", "Cocina", 1.0, "12:00", "20:00", asks=(("physical", "standing"),)),
    Trade("Mesero", "Restaurante", 1.05, "13:00", "21:00", asks=(("physical", "standing;walking"),)),
    Trade("Cantinero", "Restaurante", 1.2, "17:00", "01:00", 5, (("age_min", "18"), ("age_ground", LAW_BARS))),
    Trade("Panadero", "Panadería", 1.15, "05:00", "13:00", asks=(("physical", "standing;heat"),)),
    Trade("Chofer de reparto", "Transportes", 1.3, asks=(("licences", "mx_driver"), ("physical", "driving"))),
    Trade("Operador de tractocamión", "Transportes", 2.2, "06:00", "16:00", 5,
          (("licences", "mx_federal_b"), ("schooling", "secondary"), ("physical", "driving"))),
    Trade("Montacarguista", "Almacenes", 1.35, asks=(("licences", "forklift"), ("schooling", "secondary"))),
    Trade("Almacenista", "Almacenes", 1.15, asks=(("schooling", "secondary"), ("physical", "lifting_over_20_kg"))),
    Trade("Operador de producción", "Manufacturas", 1.15, "06:00", "14:00",
          asks=(("rotates", "1"), ("schooling", "secondary"))),
    Trade("Costurera o costurero", "Confecciones", 1.05, asks=(("physical", "fine_hand_work;good_eyesight"),)),
    Trade("Empacador", "Empaques", 1.0, asks=(("physical", "standing"),)),
    Trade("Trabajador agrícola", "Huertos", 1.0, "06:00", "14:00",
          asks=(("physical", "bending;heat"), ("housing", "1"))),
    Trade("Tractorista", "Huertos", 1.25, "06:00", "14:00", asks=(("physical", "driving;heat"),)),
    Trade("Guardia de seguridad", "Resguardos", 1.2, "19:00", "07:00", 4,
          (("schooling", "secondary"), ("documents", "no_criminal_record_letter;fixed_address"))),
    Trade("Limpieza de oficinas", "Limpiezas", 1.0, "06:00", "14:00", asks=(("physical", "standing;bending"),)),
    Trade("Cuidadora o cuidador de personas mayores", "Cuidados", 1.2, asks=(("documents", "reference_letter"),)),
    Trade("Recamarista", "Hospedaje", 1.0, "08:00", "16:00", asks=(("sunday", "1"), ("physical", "walking;bending"))),
    Trade("Recepcionista de hotel", "Hospedaje", 1.25, "15:00", "23:00", 5,
          (("english", "B1"), ("schooling", "high_school"))),
    Trade("Agente de centro de llamadas en inglés", "Contacto", 1.9, "09:00", "18:00", 5,
          (("english", "B2"), ("schooling", "secondary"))),
    Trade("Cajero", "Abarrotes", 1.05, asks=(("schooling", "secondary"),)),
    Trade("Vendedor de piso", "Ferretería", 1.1, asks=(("schooling", "secondary"),)),
    Trade("Repartidor en motocicleta", "Abarrotes", 1.1, asks=(("licences", "mx_motorcycle"), ("physical", "driving"))),
    Trade("Técnico en aire acondicionado", "Climas", 1.6, asks=(("schooling", "technical"), ("licences", "mx_car"))),
    Trade("Maestro de inglés", "Academia", 1.4, "15:00", "20:00", 5, (("english", "C1"), ("schooling", "high_school"))),
)  # fmt: skip
NAMES = (
    "La Fragua", "Tres Marías", "Bosencheve", "Cantera Rosa", "El Mezquite", "Puerto Hondo", "Los Encinos",
    "Agua Zarca", "El Palomar", "Cerro Prieto", "La Parota", "Ojo Caliente", "San Marcial", "El Tecolote",
    "Barranca Honda", "Las Jaras", "El Nogal", "Peña Blanca", "Río Seco", "La Higuera", "El Refugio",
    "Dos Arroyos", "Monte Alto", "La Cieneguita",
)  # fmt: skip
COURSES = (
    ("Curso de soldadura con certificado", "", 240), ("Curso de electricidad residencial", "", 160),
    ("Curso de manejo de montacargas", "", 40), ("Curso de instalación de paneles solares", "", 120),
    ("Curso de cocina industrial", "", 120), ("Curso de computación desde cero", "", 60),
    ("Curso para maestros de inglés", "B2", 200), ("Secundaria abierta", "", 300),
)  # fmt: skip
SUPPORTS = (
    ("Apoyo para herramienta de construcción", 12_000), ("Crédito para taller mecánico", 45_000),
    ("Apoyo para puesto de comida", 15_000), ("Apoyo para cría de aves", 10_000),
    ("Crédito para taller de costura", 25_000),
)  # fmt: skip


def create_demo(*, actor: Actor, now: datetime, number: int = 600) -> dict[str, int]:
    """Load invented openings through the import, and give some employers a contact and a note of trust.

    Args:
        actor: may load and edit openings (the job liaison of the demo).
        number: how many openings, courses and support for self-employment among them.

    Returns:
        The counts of the import. Made again, the same openings are updated, not doubled.
    """
    rows = list(_invent(random.Random(SEED), now, number))
    table = Table(HEADER, tuple(TableRow(at, row) for at, row in enumerate(rows, start=2)))
    mapping = Mapping({name: name for name in HEADER}, Options())
    with acting_as(actor):
        source = imports.create_source(actor=actor, name=SOURCE, now=now, mapping=mapping)
        ImportSource.objects.filter(pk=source.pk).update(is_example=True)
        batch = imports.start_import(actor=actor, source_id=source.pk, content=b"", table=table, now=now)
        batch.state = ImportBatch.State.LOADING
        counts = imports.run_import(actor=actor, batch=batch, table=table, now=now)
        _describe_employers(actor, {row[3] for row in rows}, now)
    return counts


def _invent(choose: random.Random, now: datetime, number: int) -> Iterator[tuple[str, ...]]:
    towns = _choose_towns()
    states = list(towns)
    weights = [WEIGHTS.get(state, 1) for state in states]
    for at in range(number):
        town = choose.choice(towns[choose.choices(states, weights)[0]])
        said = dict.fromkeys(HEADER, "")
        said |= {"key": f"demo-{at}", "state": town.state.name, "municipality": town.name}
        posted = now.date() - timedelta(days=choose.randrange(40))
        said |= {
            "valid_from": posted.isoformat(),
            "valid_until": (now.date() + timedelta(choose.randrange(20, 150))).isoformat(),
        }
        share = choose.random()
        if share < 0.86:
            said |= _invent_vacancy(choose, town, now)
        elif share < 0.94:
            said |= _invent_course(choose, town)
        else:
            said |= _invent_support(choose, town)
        yield tuple(said[name] for name in HEADER)


def _choose_towns() -> dict[str, list[Municipality]]:
    """Return the most populous municipalities of each state."""
    towns: dict[str, list[Municipality]] = {}
    for town in Municipality.objects.select_related("state").order_by("-population"):
        if len(towns.setdefault(town.state_id, [])) < PLACES_A_STATE:
            towns[town.state_id].append(town)
    return towns


def _invent_vacancy(choose: random.Random, town: Municipality, now: datetime) -> dict[str, str]:
    trade = choose.choice(TRADES)
    minimum = find_minimum_wage(town, now.date())
    least = minimum.monthly if minimum else 9_000.0
    low = round(max(least * trade.pay * choose.uniform(0.94, 1.15), least) + 49, -2)
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return {
        "kind": "vacante", "title": trade.title,
        "employer": f"{trade.business} {choose.choice(NAMES)} de {town.name}" if choose.random() < 0.93 else "",
        "wage_min": str(low), "wage_max": str(round(low * choose.choice((1, 1, 1.1, 1.2)), -2)),
        "starts_at": trade.starts_at, "ends_at": trade.ends_at, "days_a_week": str(trade.days),
        **dict.fromkeys(week[: trade.days], "1"), "places": str(choose.choice((1, 1, 1, 2, 3, 5, 10))),
        **dict(trade.asks), "household_places": "4" if ("housing", "1") in trade.asks else "",
    }  # fmt: skip


def _invent_course(choose: random.Random, town: Municipality) -> dict[str, str]:
    title, english, hours = choose.choice(COURSES)
    return {
        "kind": "curso", "title": title, "employer": f"Centro de capacitación {choose.choice(NAMES)} de {town.name}",
        "description": f"{hours} horas. Al terminar se entrega constancia.", "english": english,
        "cost": str(choose.choice((0, 0, 350, 800))), "places": str(choose.choice((15, 20, 25))),
        "schooling": "primary", "documents": "curp",
    }  # fmt: skip


def _invent_support(choose: random.Random, town: Municipality) -> dict[str, str]:
    title, amount = choose.choice(SUPPORTS)
    return {
        "kind": "autoempleo", "title": title, "employer": f"Fondo solidario {choose.choice(NAMES)} de {town.name}",
        "description": "Se pide un plan sencillo de trabajo; la oficina ayuda a escribirlo.",
        "support_amount": str(amount), "places": str(choose.choice((5, 10))), "documents": "curp;voter_card",
    }  # fmt: skip


def _describe_employers(actor: Actor, names: set[str], now: datetime) -> None:
    """Give each fourth employer a contact, and some a judgement: one not to be trusted among them."""
    employers = Employer.objects.filter(name_key__in={fold(name) for name in names if name}).order_by("name_key")
    for at, employer in enumerate(employers):
        if at % 4 == 0:
            contact = EmployerFacts(employer.name, None, "Calle inventada 12", "Recepción", f"800 555 {at:04}")
            edit_employer(actor=actor, employer_id=employer.pk, facts=contact)
        if employer.notes.exists():
            continue
        if at == WARNED:
            text = "Pidió dinero por el uniforme antes de contratar. No se envía a nadie."
            judge_employer(actor=actor, employer_id=employer.pk, trust="avoid", text=text, now=now)
        elif at % 10 == 0:
            text = "Visitada por la oficina; contrato por escrito desde el primer día."
            judge_employer(actor=actor, employer_id=employer.pk, trust="checked", text=text, now=now)
