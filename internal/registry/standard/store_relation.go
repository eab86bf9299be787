package standard

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
)

func replaceSuccessions(ctx context.Context, tx *sqldb.Tx, id ListID, agency simpul.AgencyID, events []Succession) error {
	if err := tx.Own(agency); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM standard_succession WHERE ($1 = '*' OR agency = $1) AND list = $2`, tx.Tenant(), id); err != nil {
		return err
	}
	for i, e := range events {
		for _, from := range e.From {
			for _, to := range e.To {
				if _, err := tx.Exec(ctx, `INSERT INTO standard_succession (list, event, agency, day, kind, predecessor, successor, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
					id, i, agency, e.Day, e.Kind, from, to, e.Source); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// successions gives the events of a list in their order; with a code, those
// that it takes part in.
func successions(ctx context.Context, tx *sqldb.Tx, id ListID, code string) (events []Succession, err error) {
	last := int64(-1)
	err = sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var e Succession
		var event int64
		var from, to string
		if err := scan(&event, &e.Day, &e.Kind, &from, &to, &e.Source); err != nil {
			return err
		}
		if event != last {
			last, events = event, append(events, e)
		}
		joined := &events[len(events)-1]
		joined.From, joined.To = added(joined.From, from), added(joined.To, to)
		return nil
	}, `SELECT event, day, kind, predecessor, successor, source FROM standard_succession
		WHERE `+visible+` AND list = $2 AND ($3 = '' OR event IN (SELECT event FROM standard_succession WHERE list = $2 AND (predecessor = $3 OR successor = $3)))
		ORDER BY event, predecessor, successor`, tx.Tenant(), id, code)
	return events, err
}

func added(all []string, one string) []string {
	for _, s := range all {
		if s == one {
			return all
		}
	}
	return append(all, one)
}

func replaceMappings(ctx context.Context, tx *sqldb.Tx, id ListID, agency simpul.AgencyID, all []Mapping) error {
	if err := tx.Own(agency); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM standard_mapping WHERE ($1 = '*' OR agency = $1) AND list = $2`, tx.Tenant(), id); err != nil {
		return err
	}
	for _, m := range all {
		if _, err := tx.Exec(ctx, `INSERT INTO standard_mapping (list, code, target_list, target, from_day, until_day, agency, relation, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			id, m.Code, m.List, m.Target, m.From, m.end(), agency, m.Relation, m.Source); err != nil {
			return err
		}
	}
	return nil
}

func scanMapping(scan sqldb.Scan) (m Mapping, err error) {
	err = scan(&m.Code, &m.List, &m.Target, &m.From, &m.Until, &m.Relation, &m.Source)
	m.Validity = shown(m.Validity)
	return m, err
}

func mappings(ctx context.Context, tx *sqldb.Tx, id ListID) ([]Mapping, error) {
	return sqldb.All(ctx, tx, scanMapping, `SELECT code, target_list, target, from_day, until_day, relation, source FROM standard_mapping
		WHERE `+visible+` AND list = $2 ORDER BY code, target_list, target, from_day`, tx.Tenant(), id)
}

// mappingsOf gives what a code is in other lists, in both directions: what this
// list says of it, and, turned around, what others say.
func mappingsOf(ctx context.Context, tx *sqldb.Tx, id ListID, code string) ([]Mapping, error) {
	return sqldb.All(ctx, tx, scanMapping, `SELECT code, target_list, target, from_day, until_day, relation, source FROM standard_mapping
			WHERE `+visible+` AND list = $2 AND code = $3
		UNION ALL SELECT target, list, code, from_day, until_day,
				CASE relation WHEN 'broader' THEN 'narrower' WHEN 'narrower' THEN 'broader' ELSE relation END, source FROM standard_mapping
			WHERE `+visible+` AND target_list = $2 AND target = $3
		ORDER BY 2, 3, 4`, tx.Tenant(), id, code)
}
