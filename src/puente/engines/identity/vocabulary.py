"""Common given names and surnames with their accents, commonest first, written by hand.

They tell a given name from a surname in a line that says neither, and give made-up people real accents.
A word that is missing here is only unknown, never wrong.
"""

from __future__ import annotations

import unicodedata

_MALE_NAMES = """
    José Juan Luis Carlos Jesús Miguel Antonio Francisco Jorge Manuel Víctor Ángel Mario Ricardo Alejandro
    Pedro Roberto Óscar Adrián Héctor Javier Eduardo Fernando Rafael Sergio Raúl Rubén Martín Daniel David
    Julio César Andrés Ramón Marco Armando Alberto Enrique Alfredo Gerardo Arturo René Pablo Félix Salvador
    Gustavo Israel Marcos Guillermo Ernesto Alfonso Jaime Iván Omar Édgar Diego Sebastián Julián Nicolás
    Santiago Emmanuel Leonardo Agustín Ignacio Felipe Ismael Gilberto Rogelio Humberto Rodrigo Tomás Vicente
    Mauricio Joaquín Abel Abraham Benjamín Cristian Cristóbal Domingo Efraín Elías Emilio Esteban Eugenio
    Ezequiel Fabián Federico Fidel Gabriel Gregorio Hugo Isaac Isidro Jacinto Joel Jonathan Leonel Lorenzo
    Lucio Marcelino Mateo Maximiliano Moisés Noé Norberto Octavio Pascual Patricio Ramiro Reynaldo Rigoberto
    Rodolfo Rolando Román Rosendo Samuel Saúl Saulo Teodoro Ulises Uriel Valentín Wilfredo Yahir Zeferino
    Adolfo Alonso Amador Anselmo Arnulfo Aurelio Baltazar Bernardo Bernabé Bonifacio Bruno Camilo Cipriano
    Ciro Cuauhtémoc Darío Delfino Dionisio Donato Edmundo Eleazar Eliseo Eloy Emiliano Epifanio Erasmo Erik
    Eusebio Evaristo Everardo Fausto Faustino Feliciano Fermín Florencio Florentino Fortino Froylán Gaspar
    Genaro Germán Gonzalo Heriberto Herminio Higinio Hilario Horacio Iker Irineo Isaías Isidoro Jeremías
    Jerónimo Josué Juventino Kevin Lázaro Leobardo Leopoldo Librado Lino Macario Marcial Marcelo Margarito
    Mariano Matías Maximino Melchor Melesio Misael Modesto Natanael Nazario Néstor Nicanor Odilón Orlando
    Paulino Plácido Porfirio Primitivo Prisciliano Quirino Raymundo Refugio Reyes Rutilo Sabino Samael
    Santos Saturnino Serafín Severiano Silverio Silvestre Simón Sixto Telésforo Tiburcio Tobías Ubaldo
    Urbano Valente Venancio Victoriano Wenceslao Xavier Yair Zenón Axel Brayan Alan Aldo Alexis Giovanni
"""
_FEMALE_NAMES = """
    María Ana Rosa Guadalupe Verónica Carmen Claudia Juana Sofía Yolanda Isabel Adriana Angélica Gabriela
    Karla Cecilia Alma Olga Margarita Blanca Luz Leticia Irma Cristina Silvia Daniela Karina Alejandra
    Liliana Camila Lucía Raquel Carolina Martha Patricia Elizabeth Teresa Josefina Francisca Gloria Laura
    Norma Rocío Sandra Mónica Araceli Beatriz Brenda Catalina Concepción Consuelo Diana Dolores Elena Elvira
    Ema Emilia Erika Esmeralda Esperanza Esther Estela Eva Fabiola Fátima Fernanda Flor Georgina Graciela
    Hilda Imelda Inés Irene Itzel Ivonne Jacqueline Jazmín Jessica Johana Julia Julieta Lidia Lilia Lizbeth
    Lorena Lourdes Luisa Magdalena Maribel Maricela Mariana Marina Marisol Maritza Mayra Mercedes Micaela
    Miriam Minerva Mireya Nancy Natalia Nayeli Nidia Noemí Ofelia Paola Paula Paulina Perla Petra Pilar
    Ramona Rebeca Regina Reyna Rita Rosalba Rosario Rosaura Ruth Sara Socorro Soledad Susana Tania Valeria
    Vanessa Victoria Virginia Viviana Ximena Xóchitl Yadira Yesenia Zoila Adela Adelaida Agustina Aída
    Alicia Amalia Amelia Amparo Andrea Ángela Ángeles Antonia Ariana Aurora Bertha Cándida Carlota Celia
    Clara Clementina Dalia Delia Dulce Edith Elsa Elisa Elia Emma Enriqueta Ernestina Eugenia Evangelina
    Felícitas Genoveva Gisela Griselda Guillermina Herlinda Herminia Hortensia Ignacia Isidra Jimena Jovita
    Leonor Leonila Lucina Luciana Manuela Marcela Mariela Matilde Nohemí Obdulia Oralia Otilia Paz Petronila
    Rafaela Remedios Renata Romina Rosalía Rosalinda Sabina Sonia Tomasa Trinidad Úrsula Valentina Yaretzi
    Zenaida Zulema
"""
_SURNAMES = """
    Hernández García Martínez López González Rodríguez Pérez Sánchez Ramírez Cruz Flores Gómez Morales
    Vázquez Reyes Jiménez Torres Díaz Gutiérrez Ruiz Mendoza Aguilar Ortiz Moreno Castillo Romero Álvarez
    Méndez Chávez Rivera Juárez Ramos Domínguez Herrera Medina Castro Vargas Guzmán Velázquez Rojas
    Contreras Salazar Luna Ortega Santiago Guerrero Estrada Bautista Cortés Soto Alvarado Espinoza Lara
    Ávila Ríos Cervantes Silva Delgado Vega Márquez Sandoval Fernández León Carrillo Solís Núñez Salas
    Ibarra Cabrera Valdez Campos Santos Camacho Rosas Peña Maldonado Navarro Rangel Cárdenas Mejía Acosta
    Rosales Molina Pacheco Robles Fuentes Miranda Trejo Padilla Meza Valencia Orozco Serrano Zamora
    Villanueva Ochoa Ayala Lozano Nava Villegas Hurtado Escobar Montes Arellano Macías Palacios Franco Tapia
    Zavala Galván Barrera Marín Duarte Huerta Cisneros Vera Suárez Olvera Corona Trujillo Murillo Zúñiga
    Gallegos Rubio Aguirre Andrade Esquivel Calderón Velasco Beltrán Bernal Ponce Muñoz Castañeda Quintero
    Osorio Rosario Tovar Enríquez Garza Cano Figueroa Bravo Gallardo Arroyo Mora Pineda Valdés Saucedo
    Ávalos Zárate Mata Leyva Benítez Magaña Lugo Barajas Vidal Cuevas Villa Nieto Villarreal Treviño Arias
    Luján Armendáriz Becerra Cantú Carranza Carrasco Cázares Ceballos Colín Coronado Correa Covarrubias
    Cordero Dávila Dávalos Durán Elizondo Escamilla Escobedo Esparza Espinosa Félix Galindo Gamboa Gaona Gil
    Godínez Granados Guevara Guillén Hinojosa Islas Jaramillo Jasso Landa Ledesma Leal Lemus Linares Lira
    Longoria Loera Lucero Madrid Madrigal Manríquez Manzano Mares Mariscal Mena Mercado Meléndez Merino
    Montaño Montiel Montoya Monroy Morán Mondragón Muñiz Nájera Naranjo Negrete Noriega Ocampo Ojeda
    Olivares Olivas Ordóñez Oropeza Pantoja Paredes Parra Pedraza Peralta Pimentel Pizarro Plascencia
    Portillo Prado Puente Pulido Quezada Quiñones Quiroz Rendón Reséndiz Reynoso Rincón Roldán
    Román Rocha Rueda Saldaña Saldívar Salgado Salinas Samaniego Santana Santillán Segura Sepúlveda Serna
    Sierra Sosa Sotelo Tejeda Téllez Terrazas Tinoco Toledo Toscano Uribe Urbina Valadez Valle Valenzuela
    Valladares Vallejo Varela Venegas Vergara Villalobos Villaseñor Vieyra Viveros Yáñez Zaragoza Zapata
    Zepeda Zamudio Güémez Tzintzun Xool Chablé Canul Pech Dzul Tun Uc Cauich Tzul Chuc Chan Poot Ek Cahuich
    Hau Cocom Ajú Xolo Tecuapetla Cuautle Tlatelpa Tepox Xicale
"""
MALE_NAMES: tuple[str, ...] = tuple(_MALE_NAMES.split())
FEMALE_NAMES: tuple[str, ...] = tuple(_FEMALE_NAMES.split())
SURNAMES: tuple[str, ...] = tuple(_SURNAMES.split())


def fold(text: str) -> str:
    """Upper case without accents, diaeresis and the tilde of Ñ."""
    decomposed = unicodedata.normalize("NFKD", text.upper())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


ACCENTED: dict[str, str] = {fold(word): word for word in MALE_NAMES + FEMALE_NAMES + SURNAMES}
GIVEN_NAMES: frozenset[str] = frozenset(fold(word) for word in MALE_NAMES + FEMALE_NAMES)
COMMON_SURNAMES: frozenset[str] = frozenset(fold(word) for word in SURNAMES)
