-- model: contact
-- layer: events
-- grain: one row per contact and kind of delivery
-- key: contact_id, telling_no
-- reads: stg_bitrix24__contact_items, stg_bitrix24__contacts, stg_bitrix24__contacts_xls
-- why: a contact is told by the best informed kind of delivery alone: its first
with

told_contact as (

    select 1 as kind_no, 'contact_items' as stream, contact_id, created_at, _file_id, _line
    from stg_bitrix24__contact_items
    union all
    select 2 as kind_no, 'contacts' as stream, contact_id, created_at, _file_id, _line
    from stg_bitrix24__contacts
    union all
    select 3 as kind_no, 'contacts_xls' as stream, contact_id, created_at, _file_id, _line
    from stg_bitrix24__contacts_xls

)

select
    stream, contact_id, created_at, _file_id, _line,
    row_number() over (partition by contact_id order by kind_no) as telling_no
from told_contact
