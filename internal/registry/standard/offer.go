package standard

import (
	"context"
	"encoding/json"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Offered is a list as a LID.
type Offered struct {
	Address     simpul.Address
	Agency      simpul.AgencyID
	Title       string
	Description string
	Contract    json.RawMessage
	Upstream    string
	Attribution string
}

// Publisher puts LIDs into the catalogue.
type Publisher interface {
	Publish(ctx context.Context, p simpul.Principal, o Offered) error
}

// AddressOf is where the LID of a list is called: "referensi/WilayahBps".
func AddressOf(id ListID) simpul.Address {
	var b strings.Builder
	for word := range strings.SplitSeq(string(id), "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return simpul.Address("referensi/" + b.String())
}

// Offer publishes a list as an open LID of its agency, or renews the contract
// of the LID that it has. Applications then call it as any other LID.
func (l *Lists) Offer(ctx context.Context, p simpul.Principal, catalogue Publisher, id string) (simpul.Address, error) {
	list, err := l.Get(ctx, p, id)
	if err != nil {
		return "", err
	}
	if !p.Scope().Covers(list.Spec.Agency) {
		return "", sqldb.Coded(sqldb.ErrScope, kindList, id)
	}
	if list.Spec.State != ListPublished {
		return "", &simpul.Error{
			Code: simpul.CodeConflict, Place: "spec.state",
			Message: simpul.Text{ID: "Daftar " + id + " masih rancangan.", EN: "List " + id + " is still a draft."},
			Remedy:  simpul.Text{ID: "Ubah state menjadi published dahulu.", EN: "Set state to published first."},
		}
	}
	contract, err := Contract(ListID(id), list.Spec)
	if err != nil {
		return "", err
	}
	address, err := simpul.ParseAddress(string(AddressOf(ListID(id))))
	if err != nil {
		return "", err
	}
	err = catalogue.Publish(ctx, p, Offered{
		Address: address, Agency: list.Spec.Agency, Title: list.Spec.Title.ID, Description: list.Spec.Description,
		Contract: contract, Upstream: Upstream(ListID(id)), Attribution: clip(list.Spec.Source, 1000),
	})
	if err != nil {
		return "", err
	}
	return address, l.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := setListLID(ctx, tx, ListID(id), address); err != nil {
			return err
		}
		return recordList(ctx, tx, p, list.Spec.Agency, ListID(id), "refcode.offer", string(address))
	})
}
