// SPDX-License-Identifier: MIT OR Apache-2.0
//! More people from a seed, by names of the house put together anew. One in ten is odd.

use super::{Name, People, PeopleError, Person, Sex};
use jiff::civil::Date;

/// Serial numbers that are artificial on purpose begin here.
const SERIAL_FIRST: u64 = 9000;
const SERIALS: u64 = 900;
/// Years of birth.
const BORN_FIRST: u64 = 1940;
const BORN_YEARS: u64 = 80;
/// How often a number may turn out to be taken or never issued.
const TRIALS_MAX: usize = 64;

impl People {
    /// Adds `count` people; the same seed gives the same people. Their ids are `g1`, `g2` and so on.
    pub fn with_generated(mut self, seed: u64, count: usize) -> Result<Self, PeopleError> {
        let names: Vec<(Sex, Name)> = self.iter().map(|it| (it.sex, it.name.clone())).collect();
        let places: Vec<String> = self.places.keys().cloned().collect();
        let mut dice = Dice(seed);
        let mut made = 0;
        let mut trials = 0;
        while made < count {
            let drawn = draw(&mut dice, &names, &places, made + 1);
            match drawn.filter(|it| self.by_iin(&it.iin).is_none()) {
                Some(person) => {
                    self.add(person)?;
                    made += 1;
                    trials = 0;
                }
                None if trials < TRIALS_MAX => trials += 1,
                None => return Err(PeopleError::TooMany),
            }
        }
        Ok(self)
    }
}

/// Numbers that follow from a seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (it ^ (it >> 31)) % bound.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let index = self.below(u64::try_from(from.len()).unwrap_or(1));
        from.get(usize::try_from(index).unwrap_or_default())
    }
}

fn draw(dice: &mut Dice, names: &[(Sex, Name)], places: &[String], number: usize) -> Option<Person> {
    let sex = if dice.below(2) == 0 { Sex::Male } else { Sex::Female };
    let own: Vec<&Name> = names.iter().filter(|it| it.0 == sex).map(|it| &it.1).collect();
    let (surname, given, patronymic) = (dice.pick(&own)?, dice.pick(&own)?, dice.pick(&own)?);
    let year = i16::try_from(BORN_FIRST + dice.below(BORN_YEARS)).ok()?;
    let day = i64::try_from(dice.below(365)).ok()?;
    let birth = Date::new(year, 1, 1).ok()?.saturating_add(jiff::Span::new().days(day));
    let odd = if dice.below(10) == 0 { Some(dice.below(5)) } else { None };
    let death = (odd == Some(0)).then(|| birth.saturating_add(jiff::Span::new().years(1)));
    Some(Person {
        id: format!("g{number}"),
        iin: iin(birth, sex, SERIAL_FIRST + dice.below(SERIALS))?,
        name: Name {
            surname: surname.surname.clone(),
            given: given.given.clone(),
            patronymic: patronymic.patronymic.clone().filter(|_| odd != Some(1)),
        },
        sex,
        birth,
        place: dice.pick(places)?.clone(),
        death,
        excluded: odd == Some(2),
        documents: odd != Some(3),
        unknown: odd == Some(4),
    })
}

/// Returns the number; none where its check digit would be ten twice: such a number is never issued.
fn iin(birth: Date, sex: Sex, serial: u64) -> Option<String> {
    let century = match (birth.year() >= 2000, sex) {
        (false, Sex::Male) => 3,
        (false, Sex::Female) => 4,
        (true, Sex::Male) => 5,
        (true, Sex::Female) => 6,
    };
    let year = birth.year() % 100;
    let digits = format!("{year:02}{:02}{:02}{century}{serial:04}", birth.month(), birth.day());
    let sum = |shift: u32| {
        let weights = (0..11_u32).map(|it| (it + shift) % 11 + 1);
        let products = digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight);
        products.sum::<u32>() % 11
    };
    let check = [sum(0), sum(2)].into_iter().find(|it| *it < 10)?;
    Some(format!("{digits}{check}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_agree_with_those_of_the_house() {
        let house = People::house().unwrap();
        assert_eq!(house.iter().count(), 72);
        for it in house.iter() {
            let serial = it.iin.get(7..11).unwrap().parse().unwrap();
            assert_eq!(iin(it.birth, it.sex, serial), Some(it.iin.clone()));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_people_and_one_in_ten_is_odd() {
        let world = || People::house().unwrap().with_generated(7, 1_000).unwrap();
        let (one, two) = (world(), world());
        assert!(one.iter().eq(two.iter()));
        let new = one.iter().filter(|it| it.id.starts_with('g'));
        let odd = new.filter(|it| it.death.is_some() || it.excluded || it.unknown || !it.documents).count();
        assert!((40..=120).contains(&odd), "{odd} odd ones");
    }
}
