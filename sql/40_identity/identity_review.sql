-- model: identity_review
-- layer: identity
-- grain: one row per person that somebody should look at
-- key: person_id
-- reads: person, identity_setting
-- not_null: reason
-- why: a person with this many identifiers is more often a crowd than a person
select
    person.person_id,
    'many_identifiers' as reason,
    person.identifier_count
from person
cross join identity_setting
where person.identifier_count > identity_setting.review_cap
