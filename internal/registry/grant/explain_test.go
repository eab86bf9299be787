package grant_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
)

// barrier is a gate that refuses where it is told to.
type barrier struct {
	shut string
	rows []simpul.RowLimit
}

func (b barrier) at(place string, code simpul.Code) error {
	if b.shut != place {
		return nil
	}
	return &simpul.Error{Code: code, Message: simpul.Text{ID: "sebab", EN: "cause"}, Remedy: simpul.Text{ID: "obat", EN: "remedy"}}
}

func (b barrier) Route(address simpul.Address) (*simpul.Route, error) {
	return &simpul.Route{Address: address, Owner: kemendagri, Operations: simpul.NewOperations([]simpul.Operation{{Method: "GET", Path: "/"}})}, b.at("route", simpul.CodeNotFound)
}

func (b barrier) Admit(simpul.Consumer, netip.Addr) error { return b.at("admit", simpul.CodeDenied) }

func (b barrier) Permit(simpul.Consumer, *simpul.Route) error {
	return b.at("permit", simpul.CodeDenied)
}

func (b barrier) Foresee(simpul.Consumer, *simpul.Route, time.Time) (simpul.Decision, error) {
	d := simpul.Decision{Obligations: simpul.Obligations{Rows: b.rows}}
	if err := b.at("grant", simpul.CodeDenied); err != nil {
		return d, err
	}
	return d, b.at("rate", simpul.CodeLimited)
}

func (b barrier) Version(route *simpul.Route, _ string, _ time.Time) (*simpul.Route, error) {
	return route, b.at("version", simpul.CodeGone)
}

func TestTheFirstStepThatFailsSaysWhatToDo(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	good := grant.Question{Application: layanan, LID: kota, Path: "/?kode=32", Address: "203.0.113.7"}
	limit := []simpul.RowLimit{{Parameter: "kode", Values: []string{"32"}}}
	for _, c := range []struct {
		name     string
		gate     barrier
		question func(*grant.Question)
		want     string
	}{
		{"all right", barrier{rows: limit}, nil, "pppppppp"},
		{"no address", barrier{}, func(q *grant.Question) { q.Address = "" }, "uppppppp"},
		{"from elsewhere", barrier{shut: "admit"}, nil, "fuuuuuuu"},
		{"not published", barrier{shut: "route"}, nil, "pfuuuuuu"},
		{"no approval", barrier{shut: "permit"}, nil, "ppfuuuuu"},
		{"no grant", barrier{shut: "grant"}, nil, "pppfuuuu"},
		{"too fast", barrier{shut: "rate"}, nil, "ppppfuuu"},
		{"a version that has ended", barrier{shut: "version"}, nil, "pppppfuu"},
		{"another method", barrier{}, func(q *grant.Question) { q.Method = "POST" }, "ppppppfu"},
		{"another path", barrier{}, func(q *grant.Question) { q.Path = "a/b" }, "ppppppfu"},
		{"other rows", barrier{rows: limit}, func(q *grant.Question) { q.Path = "?kode=33" }, "pppppppf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := good
			if c.question != nil {
				c.question(&q)
			}
			steps, err := o.Explain(t.Context(), asker, c.gate, q)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, s := range steps {
				got.WriteByte(s.Outcome[0])
				if s.Outcome == grant.Failed && (s.Finding.EN == "" || s.Remedy.EN == "") {
					t.Errorf("%s does not say what to do", s.Name.EN)
				}
			}
			if got.String() != c.want {
				t.Errorf("got %s, want %s", &got, c.want)
			}
		})
	}
}

func TestOnlyThePartiesAreToldWhy(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	q := grant.Question{Application: layanan, LID: kota}
	for _, who := range []simpul.Principal{asker, decider, operator} {
		if _, err := o.Explain(t.Context(), who, barrier{}, q); err != nil {
			t.Errorf("%s: %v", who.ID, err)
		}
	}
	for _, who := range []simpul.Principal{of(bps), public} {
		_, err := o.Explain(t.Context(), who, barrier{}, q)
		checkRefusal(t, err, simpul.CodeInvalid, "application")
	}
	for place, change := range map[string]func(*grant.Question){
		"application": func(q *grant.Question) { q.Application = "x" },
		"lid":         func(q *grant.Question) { q.LID = "x" },
		"address":     func(q *grant.Question) { q.Address = "tiada" },
		"path":        func(q *grant.Question) { q.Path = "%zz" },
	} {
		wrong := q
		change(&wrong)
		if _, err := o.Explain(t.Context(), asker, barrier{}, wrong); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%s: %v", place, err)
		}
	}
}
