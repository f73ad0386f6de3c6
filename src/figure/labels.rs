//! Places names beside points so that no name covers anything.
//!
//! Each name has a few hundred candidate places, in rings around its point. A place that would cover
//! a point, a text or another name is out of the question; covering an interval or the trend costs
//! more than any distance, and so the name goes further away instead. Names choose in turn, the most crowded first, and then choose again in the
//! light of the others' choices until nothing changes. There is no chance in it: the same points
//! give the same places.

use super::geometry::{Point, Rect, crosses, distance, segments_meet};

/// A name that wants a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    /// The point it names.
    pub(crate) anchor: Point,
    /// How far the point's mark reaches.
    pub(crate) radius: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// What is on the page already.
#[derive(Debug, Default)]
pub(crate) struct Obstacles {
    /// Never covered: points, texts.
    pub(crate) solid: Vec<Rect>,
    /// Covered only at need, and crossed by leader lines: intervals, the trend.
    pub(crate) lines: Vec<Vec<Point>>,
}

/// Where a name goes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placement {
    pub(crate) rect: Rect,
    /// A line from the point to a name that is not right beside it.
    pub(crate) leader: Option<(Point, Point)>,
}

/// Free space between a point's mark and the nearest names.
const GAP_PX: f64 = 4.0;
/// Free space around a name.
const CLEARANCE_PX: f64 = 1.5;
/// Free space between names side by side, so that two do not read as one.
const WORD_GAP_PX: f64 = 8.0;
/// From this distance on, a leader line ties the name to its point.
const LEADER_FROM_PX: f64 = 9.0;
/// Distances tried, from right beside the point to far across the page.
const RINGS_PX: [f64; 15] = [
    0.0, 5.0, 12.0, 20.0, 30.0, 42.0, 56.0, 72.0, 92.0, 116.0, 130.0, 146.0, 164.0, 186.0, 240.0,
];
const DIRECTIONS: u32 = 40;
/// Rounds of second thoughts; a few settle it.
const ROUNDS: usize = 8;

const COST_PER_PX: f64 = 0.6;
/// More than the farthest ring: a name covers a line only where there is no other place at all.
const COST_LINE: f64 = 200.0;
const COST_LEADER_LINE: f64 = 40.0;
const COST_LEADER_LEADER: f64 = 80.0;
const COST_LEADER_OVER_SOLID: f64 = 120.0;
const COST_LEADER_OVER_NAME: f64 = 250.0;
/// A name without a place is worse than any place.
const COST_UNNAMED: f64 = 10_000.0;

/// Finds a place inside `bounds` for each name; `None` where there is no free place at all.
pub(crate) fn place(
    requests: &[Request],
    bounds: &Rect,
    obstacles: &Obstacles,
) -> Vec<Option<Placement>> {
    let candidates: Vec<Vec<(Placement, f64)>> = requests
        .iter()
        .map(|request| candidates(request, bounds, obstacles))
        .collect();
    // Names get into each other's way differently in each order; the best outcome counts.
    let mut best = (f64::INFINITY, vec![None; requests.len()]);
    for order in orders(requests) {
        let placed = settle(&candidates, &order);
        let cost = total_cost(&candidates, &placed);
        if cost < best.0 {
            best = (cost, placed);
        }
    }
    best.1
}

/// Places for lines of text in a column, each as near to where it is `wanted` as the others allow:
/// `gap_px` apart and within `bounds`, in the order of the wanted places.
///
/// Neighbours that are too close form a block around the mean of what they want (isotonic
/// regression by pooling adjacent violators).
pub(crate) fn spread(wanted: &[f64], gap_px: f64, bounds: (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then_with(|| a.cmp(b)));
    // Less what the gaps above take, places only have to ascend.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for (rank, &index) in order.iter().enumerate() {
        let mut block = (wanted[index] - rank as f64 * gap_px, 1usize);
        while let Some(&(above, count)) = blocks.last() {
            if above <= block.0 {
                break;
            }
            blocks.pop();
            let total = count + block.1;
            let mean = (above * count as f64 + block.0 * block.1 as f64) / total as f64;
            block = (mean, total);
        }
        blocks.push(block);
    }
    let last = (wanted.len().max(1) - 1) as f64 * gap_px;
    let (first, end) = (bounds.0, (bounds.1 - last).max(bounds.0));
    let mut places = vec![0.0; wanted.len()];
    let values = blocks
        .iter()
        .flat_map(|(place, count)| std::iter::repeat_n(*place, *count));
    for (rank, (&index, value)) in order.iter().zip(values).enumerate() {
        places[index] = value.clamp(first, end) + rank as f64 * gap_px;
    }
    places
}

/// The orders in which names may choose: the most crowded first, the least crowded first, and from
/// each side.
fn orders(requests: &[Request]) -> Vec<Vec<usize>> {
    let sorted = |key: &dyn Fn(usize) -> f64| {
        let mut order: Vec<usize> = (0..requests.len()).collect();
        order.sort_by(|a, b| key(*a).total_cmp(&key(*b)).then_with(|| a.cmp(b)));
        order
    };
    let (x, y) = (
        |i: usize| requests[i].anchor.0,
        |i: usize| requests[i].anchor.1,
    );
    vec![
        sorted(&|i| -crowding(requests, i)),
        sorted(&|i| crowding(requests, i)),
        sorted(&x),
        sorted(&|i| -x(i)),
        sorted(&y),
        sorted(&|i| -y(i)),
    ]
}

/// Lets the names choose in turn until none wants another place.
fn settle(candidates: &[Vec<(Placement, f64)>], order: &[usize]) -> Vec<Option<Placement>> {
    let mut placed: Vec<Option<Placement>> = vec![None; candidates.len()];
    for _ in 0..ROUNDS {
        let mut changed = false;
        for &index in order {
            let best = choose(&candidates[index], index, &placed).map(|(best, _)| best.clone());
            changed |= best != placed[index];
            placed[index] = best;
        }
        if !changed {
            break;
        }
    }
    placed
}

/// What all names cost where they are; what two of them cost each other counts for both.
fn total_cost(candidates: &[Vec<(Placement, f64)>], placed: &[Option<Placement>]) -> f64 {
    let cost = |(index, placement): (usize, &Option<Placement>)| {
        let own = placement.as_ref().and_then(|placement| {
            candidates[index]
                .iter()
                .find(|(other, _)| other == placement)
        });
        own.and_then(|(placement, cost)| cost_among(placement, *cost, index, placed))
            .unwrap_or(COST_UNNAMED)
    };
    placed.iter().enumerate().map(cost).sum()
}

/// How closely other points surround this one.
fn crowding(requests: &[Request], index: usize) -> f64 {
    let here = requests[index].anchor;
    requests
        .iter()
        .map(|other| 1.0 / (20.0 + distance(here, other.anchor)))
        .sum()
}

/// The places free of everything but other names, each with what it costs so far.
fn candidates(request: &Request, bounds: &Rect, obstacles: &Obstacles) -> Vec<(Placement, f64)> {
    let mut found = Vec::new();
    for ring in RINGS_PX {
        for direction in 0..DIRECTIONS {
            let rect = beside(request, ring, direction);
            let padded = rect.grown(CLEARANCE_PX);
            if !bounds.contains(&rect)
                || obstacles.solid.iter().any(|solid| solid.overlaps(&padded))
            {
                continue;
            }
            let leader = leader(request, &rect);
            let mut cost = ring * COST_PER_PX + preference(direction);
            for line in &obstacles.lines {
                if crosses(line, &padded) {
                    cost += COST_LINE;
                }
            }
            if let Some((from, to)) = leader {
                let own = |solid: &Rect| distance(solid.centre(), request.anchor) < 1.0;
                let over = obstacles
                    .solid
                    .iter()
                    .filter(|solid| !own(solid) && solid.clip(from, to).is_some())
                    .count();
                let across = obstacles
                    .lines
                    .iter()
                    .filter(|line| {
                        line.windows(2)
                            .any(|leg| segments_meet((leg[0], leg[1]), (from, to)))
                    })
                    .count();
                cost += over as f64 * COST_LEADER_OVER_SOLID + across as f64 * COST_LEADER_LINE;
            }
            found.push((Placement { rect, leader }, cost));
        }
    }
    found
}

/// The rectangle in a direction, just touching its ring.
fn beside(request: &Request, ring: f64, direction: u32) -> Rect {
    let angle = f64::from(direction) * std::f64::consts::TAU / f64::from(DIRECTIONS);
    let (cos, sin) = (angle.cos(), angle.sin());
    let reach = request.radius + GAP_PX + ring;
    // Sideways the name's end touches the ring, above and below its edge does.
    let shift = |component: f64| (1.6 * component).clamp(-1.0, 1.0);
    let x = request.anchor.0 + cos * reach + shift(cos) * request.width / 2.0;
    let y = request.anchor.1 + sin * reach + shift(sin) * request.height / 2.0;
    Rect::new(
        x - request.width / 2.0,
        y - request.height / 2.0,
        request.width,
        request.height,
    )
}

/// Readers expect a name to the right of its point, or else to the left.
fn preference(direction: u32) -> f64 {
    let angle = f64::from(direction) * std::f64::consts::TAU / f64::from(DIRECTIONS);
    3.0 * (1.0 - angle.cos().abs()) + if angle.cos() < -1e-9 { 1.0 } else { 0.0 }
}

fn leader(request: &Request, rect: &Rect) -> Option<(Point, Point)> {
    let to = rect.nearest(request.anchor);
    let far = distance(to, request.anchor);
    if far - request.radius < LEADER_FROM_PX {
        return None;
    }
    let share = (request.radius + 1.0) / far;
    let from = (
        request.anchor.0 + share * (to.0 - request.anchor.0),
        request.anchor.1 + share * (to.1 - request.anchor.1),
    );
    Some((from, to))
}

/// The cheapest candidate, given where the other names are.
fn choose<'c>(
    candidates: &'c [(Placement, f64)],
    index: usize,
    placed: &[Option<Placement>],
) -> Option<(&'c Placement, f64)> {
    let mut best: Option<(&Placement, f64)> = None;
    for (candidate, own_cost) in candidates {
        // The others only add to the cost.
        if best.is_some_and(|(_, least)| *own_cost >= least) {
            continue;
        }
        if let Some(cost) = cost_among(candidate, *own_cost, index, placed)
            && best.is_none_or(|(_, least)| cost < least)
        {
            best = Some((candidate, cost));
        }
    }
    best
}

/// What a candidate costs among the other names; nothing can pay for touching one of them.
fn cost_among(
    candidate: &Placement,
    own_cost: f64,
    index: usize,
    placed: &[Option<Placement>],
) -> Option<f64> {
    let padded = Rect {
        left: candidate.rect.left - WORD_GAP_PX,
        right: candidate.rect.right + WORD_GAP_PX,
        ..candidate.rect.grown(CLEARANCE_PX)
    };
    let mut cost = own_cost;
    for (other, placement) in placed.iter().enumerate() {
        let Some(other) = placement.as_ref().filter(|_| other != index) else {
            continue;
        };
        if other.rect.overlaps(&padded) {
            return None;
        }
        if let Some((from, to)) = other.leader
            && candidate.rect.clip(from, to).is_some()
        {
            cost += COST_LEADER_OVER_NAME;
        }
        if let Some(leader) = candidate.leader {
            if other.rect.clip(leader.0, leader.1).is_some() {
                cost += COST_LEADER_OVER_NAME;
            }
            if other
                .leader
                .is_some_and(|theirs| segments_meet(theirs, leader))
            {
                cost += COST_LEADER_LEADER;
            }
        }
    }
    Some(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Rect = Rect {
        left: 0.0,
        top: 0.0,
        right: 1000.0,
        bottom: 500.0,
    };

    /// Points that climb to the right and crowd at the end, as horizons do.
    fn climbing(count: u32) -> Vec<Request> {
        (0..count)
            .map(|number| {
                let share = (f64::from(number) + 1.0) / f64::from(count + 1);
                let wobble = f64::from(number * 37 % 11) - 5.0;
                Request {
                    anchor: (960.0 * share.sqrt(), 480.0 - 430.0 * share + 6.0 * wobble),
                    radius: 5.0,
                    width: 40.0 + f64::from(number * 29 % 70),
                    height: 13.0,
                }
            })
            .collect()
    }

    #[test]
    fn names_cover_neither_points_nor_each_other() {
        for count in [1, 5, 12, 35] {
            let requests = climbing(count);
            let obstacles = Obstacles {
                solid: requests
                    .iter()
                    .map(|r| Rect::around(r.anchor, r.radius))
                    .collect(),
                lines: requests
                    .iter()
                    .map(|r| {
                        vec![
                            (r.anchor.0, r.anchor.1 - 40.0),
                            (r.anchor.0, r.anchor.1 + 40.0),
                        ]
                    })
                    .collect(),
            };
            let placed = place(&requests, &BOUNDS, &obstacles);
            let rects: Vec<Rect> = placed
                .iter()
                .map(|p| p.as_ref().expect("there is room").rect)
                .collect();
            for (index, rect) in rects.iter().enumerate() {
                assert!(BOUNDS.contains(rect), "{count} names: {rect:?}");
                assert!(!obstacles.solid.iter().any(|solid| solid.overlaps(rect)));
                assert!(!rects[..index].iter().any(|other| other.overlaps(rect)));
            }
        }
    }

    #[test]
    fn a_lone_name_stands_right_of_its_point() {
        let request = Request {
            anchor: (100.0, 100.0),
            radius: 5.0,
            width: 40.0,
            height: 12.0,
        };
        let placed = place(&[request], &BOUNDS, &Obstacles::default());
        let rect = placed[0].as_ref().unwrap().rect;
        assert!(
            rect.left > 105.0 && (rect.centre().1 - 100.0).abs() < 1e-9,
            "{rect:?}"
        );
    }

    #[test]
    fn lines_of_a_column_keep_apart_and_stay_near() {
        let places = spread(&[50.0, 50.0, 300.0, 49.0], 10.0, (0.0, 300.0));
        assert_eq!(
            places,
            [149.0 / 3.0, 149.0 / 3.0 + 10.0, 300.0, 149.0 / 3.0 - 10.0]
        );
        let crowded = spread(&[0.0; 5], 10.0, (0.0, 40.0));
        assert_eq!(crowded, [0.0, 10.0, 20.0, 30.0, 40.0]);
        assert_eq!(spread(&[100.0, 100.0], 10.0, (0.0, 100.0)), [90.0, 100.0]);
        assert!(spread(&[], 10.0, (0.0, 1.0)).is_empty());
    }

    #[test]
    fn without_room_there_is_no_place() {
        let request = Request {
            anchor: (5.0, 5.0),
            radius: 5.0,
            width: 40.0,
            height: 12.0,
        };
        let small = Rect::new(0.0, 0.0, 20.0, 20.0);
        assert_eq!(place(&[request], &small, &Obstacles::default()), [None]);
    }
}
