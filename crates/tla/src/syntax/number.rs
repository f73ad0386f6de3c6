//! Numbers in other bases, as digits in base ten.

/// Digits beyond which a number that is not in base ten is refused: changing the base takes time
/// that grows with the square of its length.
const MOST_DIGITS: usize = 10_000;

/// The digits in base ten of a numeral such as `007`, `\b101`, `\O17` or `\hFF`; `None` if it is
/// too long.
pub(super) fn decimal(numeral: &str) -> Option<String> {
    let Some(based) = numeral.strip_prefix('\\') else {
        let digits = numeral.trim_start_matches('0');
        return Some(if digits.is_empty() { "0" } else { digits }.to_owned());
    };
    let mut characters = based.chars();
    let base = match characters.next()?.to_ascii_lowercase() {
        'b' => 2,
        'o' => 8,
        _ => 16,
    };
    let digits = characters.as_str().trim_start_matches('0');
    if digits.len() > MOST_DIGITS {
        return None;
    }
    // Little-endian limbs in base 10^9.
    let mut limbs: Vec<u64> = vec![0];
    for digit in digits.chars() {
        let mut carry = u64::from(digit.to_digit(base)?);
        for limb in &mut limbs {
            let value = *limb * u64::from(base) + carry;
            *limb = value % 1_000_000_000;
            carry = value / 1_000_000_000;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut text = limbs.pop()?.to_string();
    for limb in limbs.iter().rev() {
        text.push_str(&format!("{limb:09}"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn changes_the_base() {
        for (numeral, digits) in [
            ("0", "0"),
            ("000", "0"),
            ("007", "7"),
            ("\\b1010", "10"),
            ("\\O17", "15"),
            ("\\hFF", "255"),
            ("\\h0", "0"),
            ("\\hFFFFFFFFFFFFFFFFFFFF", "1208925819614629174706175"),
            ("\\h3B9ACA00", "1000000000"),
        ] {
            assert_eq!(decimal(numeral).as_deref(), Some(digits), "{numeral}");
        }
        assert_eq!(decimal(&format!("\\b{}", "1".repeat(10_001))), None);
    }
}
