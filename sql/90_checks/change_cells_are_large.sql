-- model: change_cells_are_large
-- layer: checks
-- grain: one row per published cell of layer 80 that rests on fewer customers than may be shown
-- key: none
-- reads: alarm, cusum_point, path_drift_flow, segment_trait, run_setting
-- why: tables of changes are handed on as they are, so that no page has to hide a cell of them
with

cell as (

    select
        'alarm' as found_in,
        segment,
        n_since as customer_count
    from alarm

    union all

    select
        'cusum_point' as found_in,
        segment,
        customer_count
    from cusum_point

    union all

    select
        'path_drift_flow' as found_in,
        segment,
        least(customers_before, customers_after) as customer_count
    from path_drift_flow

    union all

    select
        'segment_trait' as found_in,
        segment,
        customer_count
    from segment_trait

)

select
    cell.found_in,
    cell.segment,
    cell.customer_count
from cell
cross join run_setting
where cell.customer_count < run_setting.small_cell
