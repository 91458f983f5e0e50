"""The register's periods tell the roll-up what comes and goes, whoever writes them."""

from django.db import migrations

COLUMNS = """kind, province_code, commune_id, sector, legal_status, working_state, legal_era,
    first_year, last_year, bodies, charter_capital, area, members, workers,
    with_charter_capital, with_area, with_members, with_workers, with_any"""
# A period covers the 31 December of a year if it begins in it or before, and ends after it.
ADD = """
    INSERT INTO statistics_yearstretch ({columns})
    SELECT kind, province_code, commune_id, sector, legal_status, working_state, legal_era,
           date_part('year', lower(valid))::int AS first_year,
           date_part('year', upper(valid))::int - 1 AS last_year,
           {sign} * count(*), {sign} * coalesce(sum(charter_capital), 0),
           {sign} * coalesce(sum(area), 0), {sign} * coalesce(sum(members), 0),
           {sign} * coalesce(sum(workers), 0), {sign} * count(charter_capital),
           {sign} * count(area), {sign} * count(members), {sign} * count(workers),
           {sign} * count(coalesce(charter_capital::numeric, area, members, workers))
    FROM {source}
    WHERE upper_inf(valid)
       OR date_part('year', lower(valid)) < date_part('year', upper(valid))
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;
"""
FUNCTIONS = f"""
CREATE FUNCTION statistics_tell_year_stretches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {ADD.format(columns=COLUMNS, sign="TG_ARGV[0]::int", source="changed")}
    RETURN NULL;
END $$;
CREATE FUNCTION statistics_empty_year_stretches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM statistics_yearstretch;
    RETURN NULL;
END $$;
CREATE FUNCTION statistics_fill_year_stretches() RETURNS void LANGUAGE sql AS $$
    {ADD.format(columns=COLUMNS, sign="1", source="registry_period")}
$$;
"""
TRIGGERS = (
    ("inserted", "INSERT", "NEW", 1),
    ("deleted", "DELETE", "OLD", -1),
    ("updated_from", "UPDATE", "OLD", -1),
    ("updated_to", "UPDATE", "NEW", 1),
)
CREATE = "".join(
    f"CREATE TRIGGER statistics_{name} AFTER {event} ON registry_period "
    f"REFERENCING {which} TABLE AS changed FOR EACH STATEMENT "
    f"EXECUTE FUNCTION statistics_tell_year_stretches('{sign}');\n"
    for name, event, which, sign in TRIGGERS
) + """
CREATE TRIGGER statistics_truncated AFTER TRUNCATE ON registry_period
    FOR EACH STATEMENT EXECUTE FUNCTION statistics_empty_year_stretches();
SELECT statistics_fill_year_stretches();
"""
DROP = "".join(
    f"DROP TRIGGER statistics_{name} ON registry_period;\n"
    for name in (*(t[0] for t in TRIGGERS), "truncated")
) + """
DROP FUNCTION statistics_tell_year_stretches();
DROP FUNCTION statistics_empty_year_stretches();
DROP FUNCTION statistics_fill_year_stretches();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0001_year_stretches"),
        ("registry", "0005_list_reads_index_only"),
    ]
    operations = [migrations.RunSQL(FUNCTIONS + CREATE, DROP)]
