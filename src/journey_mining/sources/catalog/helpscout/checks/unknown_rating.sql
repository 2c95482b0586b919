-- model: unknown_rating
-- layer: events
-- grain: one row per value of a rating that is not understood
-- key: rating
-- reads: stg_helpscout__ratings
-- why: values of a survey of your own are events without a score: add them to map in spec.toml
-- severity: warn
select rating
from stg_helpscout__ratings
where rating not in ('great', 'up', 'okay', 'not_good', 'down', 'unknown')
    and try_cast(rating as double) is null
group by rating
