package tracker

import (
	"time"

	"simpul"
)

// Access is one exchange in which somebody asked for, or got, a person's data.
type Access struct {
	Person      simpul.Pseudonym
	Exchange    simpul.ExchangeID
	At          time.Time
	Application simpul.ApplicationID
	LID         simpul.Address
	Version     string
	Provider    simpul.AgencyID
	Grant       simpul.GrantID
	Purpose     string
	Basis       string
	Fields      string // dotted paths with spaces between them; empty for every field
	Case        string
	Outcome     simpul.Code // empty: the provider answered
	Status      int         // of HTTP, that the consumer got
	Unnamed     int         // further persons of the exchange, who have no pseudonym in it

	ShownFrom time.Time // until when a decision kept it from the person; zero for none
}

// Consumer is the agency whose application asked.
func (a Access) Consumer() simpul.AgencyID { return a.Application.Agency() }

// Delivered reports whether the answer can have held data of the person.
func (a Access) Delivered() bool {
	return a.Outcome == "" && a.Status >= 200 && a.Status < 300
}

// Broken reports whether an answer ended before its end, so that a part of it can
// have arrived.
func (a Access) Broken() bool { return a.Outcome != "" && a.Status >= 200 && a.Status < 300 }

// accessesOf are the rows that a sealed exchange leaves.
func accessesOf(x *simpul.Exchange) []Access {
	all := make([]Access, len(x.Persons))
	for i, person := range x.Persons {
		all[i] = Access{
			Person: person, Exchange: x.ID, At: x.OpenedAt, Application: x.Consumer.Application, LID: x.Address, Version: x.Version,
			Provider: x.Provider, Grant: x.Grant, Purpose: x.Purpose, Basis: x.Basis, Fields: x.Fields, Case: x.Case,
			Outcome: x.Outcome, Status: x.Status, Unnamed: x.Unnamed,
		}
	}
	return all
}
