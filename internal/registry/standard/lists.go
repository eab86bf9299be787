package standard

import (
	"context"
	"fmt"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Lists are the use cases on lists of reference codes.
type Lists struct {
	db  *sqldb.DB
	now clock.Clock
}

// NewLists returns the use cases on the database.
func NewLists(db *sqldb.DB, now clock.Clock) *Lists { return &Lists{db, now} }

// Put creates or replaces a list of an agency that the scope covers. Codes that
// are not given stay as they are.
func (l *Lists) Put(ctx context.Context, p simpul.Principal, id string, s ListSpec, dryRun bool) (httpapi.Stored[ListSpec], error) {
	list, err := ParseListID(id)
	if err != nil {
		return httpapi.Stored[ListSpec]{}, simpul.At("metadata.id", err)
	}
	if err := s.Validate(list); err != nil {
		return httpapi.Stored[ListSpec]{}, err
	}
	var stored httpapi.Stored[ListSpec]
	err = l.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		created, err := l.store(ctx, tx, list, s)
		if err != nil {
			return err
		}
		if err := recordList(ctx, tx, p, s.Agency, list, "refcode.put", string(s.State)); err != nil {
			return err
		}
		stored, err = whole(ctx, tx, list)
		stored.Created = created
		return sqldb.Rehearse(dryRun, err)
	})
	return stored, unknownAgency(err, kindList, id, s.Agency)
}

func (l *Lists) store(ctx context.Context, tx *sqldb.Tx, id ListID, s ListSpec) (created bool, err error) {
	before, err := getList(ctx, tx, id)
	existed, err := sqldb.Exists(before, err)
	switch {
	case err != nil:
		return false, err
	case !existed:
		err = insertList(ctx, tx, id, s, l.now())
	case !tx.Scope().Covers(before.Spec.Agency):
		err = tx.Own(before.Spec.Agency)
	case before.Spec.Agency != s.Agency:
		err = listStays(id, before.Spec.Agency)
	default:
		err = updateList(ctx, tx, id, s, l.now())
	}
	if err != nil {
		return false, err
	}
	if err := l.replaceParts(ctx, tx, id, s); err != nil {
		return false, err
	}
	events, err := successions(ctx, tx, id, "")
	if err != nil {
		return false, err
	}
	all, err := mappings(ctx, tx, id)
	if err != nil {
		return false, err
	}
	return !existed, checkRelations(ctx, tx, id, events, all)
}

// replaceParts replaces what the list is given with. A part that is absent stays
// as it is, so that a list that was shown without its parts can be put back.
func (l *Lists) replaceParts(ctx context.Context, tx *sqldb.Tx, id ListID, s ListSpec) error {
	if s.Codes != nil {
		if err := l.replaceCodes(ctx, tx, id, s.Agency, s.Codes); err != nil {
			return err
		}
	}
	if s.Successions != nil {
		if err := replaceSuccessions(ctx, tx, id, s.Agency, s.Successions); err != nil {
			return err
		}
	}
	if s.Mappings == nil {
		return nil
	}
	return replaceMappings(ctx, tx, id, s.Agency, s.Mappings)
}

func (l *Lists) replaceCodes(ctx context.Context, tx *sqldb.Tx, id ListID, agency simpul.AgencyID, codes []Code) error {
	if err := deleteCodes(ctx, tx, id); err != nil {
		return err
	}
	if err := insertCodes(ctx, tx, id, agency, codes); err != nil {
		return err
	}
	_, err := countCodes(ctx, tx, id, l.now())
	return err
}

// checkRelations holds events and mappings against the codes that are stored.
func checkRelations(ctx context.Context, tx *sqldb.Tx, id ListID, events []Succession, all []Mapping) error {
	periods := func(list ListID) periodsOf {
		return func(code string) (found []Validity, err error) {
			rows, err := periodsOfCode(ctx, tx, list, code)
			for _, c := range rows {
				found = append(found, c.Validity)
			}
			return found, err
		}
	}
	if err := checkHistory(events, periods(id)); err != nil {
		return err
	}
	for i, m := range all {
		place := fmt.Sprintf("spec.mappings[%d]", i)
		if err := known(periods(id), m.Code, place+".code"); err != nil {
			return err
		}
		if err := known(periods(m.List), m.Target, place+".target"); err != nil {
			return err
		}
	}
	return nil
}

func known(periods periodsOf, code, place string) error {
	found, err := periods(code)
	if err != nil || len(found) > 0 {
		return err
	}
	return simpul.Invalid(place,
		simpul.Text{ID: "Kode \"" + code + "\" tidak ada dalam daftarnya.", EN: "Code \"" + code + "\" is not in its list."},
		simpul.Text{ID: "Isi daftarnya dahulu, atau perbaiki kodenya.", EN: "Fill the list first, or mend the code."})
}

func recordList(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, agency simpul.AgencyID, id ListID, action, detail string) error {
	event := trail.By(p, agency, action, string(id))
	event.Detail = detail
	if err := trail.Append(ctx, tx, event); err != nil {
		return err
	}
	return tx.Revise(ctx, revisionList, string(id))
}

// Get returns a list that is published or that the scope covers, with its codes
// where there are few enough.
func (l *Lists) Get(ctx context.Context, p simpul.Principal, id string) (s httpapi.Stored[ListSpec], err error) {
	err = l.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		s, err = whole(ctx, tx, ListID(id))
		return err
	})
	return s, sqldb.Coded(err, kindList, id)
}

func whole(ctx context.Context, tx *sqldb.Tx, id ListID) (httpapi.Stored[ListSpec], error) {
	s, err := getList(ctx, tx, id)
	if err != nil {
		return s, err
	}
	if s.Spec.Successions, err = successions(ctx, tx, id, ""); err != nil {
		return s, err
	}
	if s.Spec.Mappings, err = mappings(ctx, tx, id); err != nil {
		return s, err
	}
	if s.Spec.Count > inline {
		return s, nil
	}
	return s, eachCode(ctx, tx, id, func(c Code) error {
		s.Spec.Codes = append(s.Spec.Codes, c)
		return nil
	})
}

// List returns the lists that are published or that the scope covers, without
// their codes and relations.
func (l *Lists) List(ctx context.Context, p simpul.Principal, page httpapi.Page) (all []httpapi.Stored[ListSpec], err error) {
	err = l.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listLists(ctx, tx, page)
		return err
	})
	return all, err
}

// Delete removes a list of an agency that the scope covers, unless a field of a
// LID is bound to it.
func (l *Lists) Delete(ctx context.Context, p simpul.Principal, id string) error {
	err := l.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := getList(ctx, tx, ListID(id))
		if err != nil {
			return err
		}
		if err := deleteList(ctx, tx, ListID(id)); err != nil {
			return err
		}
		return recordList(ctx, tx, p, before.Spec.Agency, ListID(id), "refcode.delete", "")
	})
	return sqldb.Coded(err, kindList, id)
}

func listStays(id ListID, agency simpul.AgencyID) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.agency", Owner: agency,
		Message: simpul.Text{ID: "Daftar " + string(id) + " dipegang " + string(agency) + " dan tidak berpindah tangan.", EN: "List " + string(id) + " is kept by " + string(agency) + " and does not change hands."},
		Remedy:  simpul.Text{ID: "Buat daftar lain, dan hubungkan kodenya dengan mappings.", EN: "Create another list, and connect the codes with mappings."},
	}
}
