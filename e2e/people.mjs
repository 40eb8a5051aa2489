// SPDX-License-Identifier: MIT OR Apache-2.0
// Who takes part: the invented people of the demonstration, as `qyzmet demo` prints them.
export const PASSWORD = "Qyzmet-2026";
export const KEY_PASSWORD = "Qwerty12";
export const SERVICE = "guardianship-certificate";
export const PROVIDER = "abai-education";

/** Known to the register of guardianship: the automatic way. */
export const KNOWN = { iin: "580308499930", key: "abdiqadyrova", surname: "ӘБДІҚАДЫРОВА", children: [{ surname: "Нұрсұлтанұлы", given: "Бекзат", birth_date: "14.09.2012" }] };
export const KNOWN_TOO = { iin: "711130399969", key: "otegulov", surname: "ӨТЕҒҰЛОВ", children: [{ surname: "Ерғазина", given: "Аяулым", birth_date: "10.10.2009" }] };
/** Not known to it: the manual way. */
export const UNKNOWN = { iin: "530825399926", key: "qulynshaqov", surname: "ҚҰЛЫНШАҚОВ", children: [{ surname: "Байғоныс", given: "Айсұлтан", birth_date: "18.04.2010" }] };

const seat = (name, organization = PROVIDER) => ({ login: `${organization}.${name}`, key: `${organization}-${name}` });
export const OFFICE = seat("office");
export const HEAD = seat("head");
export const EXECUTOR = seat("executor-1");
export const EXECUTOR_TOO = seat("executor-2");
export const OPERATOR = seat("operator-1", "karaganda-corporation");
