// SPDX-License-Identifier: MIT OR Apache-2.0
// Who takes part: the invented people of the demonstration, as `qyzmet demo` prints them.
export const PASSWORD = "Qyzmet-2026";
export const KEY_PASSWORD = "Qwerty12";
export const SERVICE = "guardianship-certificate";
export const PROVIDER = "abai-education";

const child = (surname, given, birth_date) => ({ surname, given, birth_date });

/** Known to the register of guardianship: the automatic way. */
export const KNOWN = { iin: "580308499930", key: "p01", surname: "ӘБДІҚАДЫРОВА", children: [child("Нұрсұлтанұлы", "Бекзат", "14.09.2012"), child("Ерғазина", "Аяулым", "10.10.2009")] };
export const KNOWN_TOO = { iin: "711130399969", key: "p02", surname: "ӨТЕҒҰЛОВ", name: "Өтеғұлов Ұлықбек Іңкәрбекұлы", children: [child("Ершова", "Дарья", "03.11.2011")] };
export const KNOWN_TWINS = { iin: "731024499952", key: "p55", surname: "ИЛАХУНОВА", name: "Илахунова Турсунай Азизовна", children: [child("Есмағанбет", "Айзере", "23.07.2013"), child("Есмағанбет", "Айсара", "23.07.2013")] };
/** Not known to it: the manual way. */
export const UNKNOWN = { iin: "680303499904", key: "p40", surname: "ГНАТЕНКО", name: "Гнатенко Оксана Тарасовна", children: [child("Ойдаңшығарылған", "Айсұлтан", "18.04.2014")] };
/** An appointment that has ended; nobody else uses this account. */
export const ENDED = { iin: "840404499928", key: "p54", surname: "ТОЖИБОЕВА", name: "Тожибоева Мухаббатхон", children: [child("Бауэр", "Марк", "01.09.2016")] };
/** The persons register does not know the number. */
export const NOBODY = { iin: "011019599941", key: "p38", surname: "ТИХОМИРОВ", name: "Тихомиров Никита Ильич", children: [child("Ойдаңшығарылған", "Айсұлтан", "18.04.2014")] };
/** Holds a notarised power of KNOWN_TOO. */
export const REPRESENTATIVE = { iin: "530825399926", name: "Құлыншақов Ғани Һамитұлы" };

const seat = (name, organization = PROVIDER) => ({ login: `${organization}.${name}`, key: `${organization}-${name}` });
export const OFFICE = seat("office");
export const HEAD = seat("head");
export const EXECUTOR = seat("executor-1");
export const EXECUTOR_TOO = seat("executor-2");
export const OPERATOR = seat("operator-1", "karaganda-corporation");

export const MOBILE = seat("operator-1", "karaganda-mobile");

/** Applies on paper, at a counter. */
export const APPLICANT = { iin: "840404499928", name: "Тожибоева Мухаббатхон" };
export const SOCIAL = { office: seat("office", "abai-social"), head: seat("head", "abai-social"), executor: seat("executor-1", "abai-social") };
export const AKIM = { specialist: seat("specialist", "kurma-akim"), akim: seat("akim", "kurma-akim"), executor: seat("executor", "kurma-akim") };
