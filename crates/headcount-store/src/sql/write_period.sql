-- embedded::rollups::expire::freeze
INSERT INTO rollup_period (product, period, start, version, weight, devices, estimate, late, sketch)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (product, period, start, version, weight) DO UPDATE SET sketch = excluded.sketch
