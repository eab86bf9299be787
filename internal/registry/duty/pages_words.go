package duty

import (
	"context"

	"github.com/a-h/templ"

	"simpul/internal/platform/web"
)

// stateBadge says where a proposal is in its life.
func stateBadge(ctx context.Context, s State) web.Badge {
	switch s {
	case Open:
		return web.Badge{Label: web.T(ctx, "Menunggu", "Waiting"), Tone: web.Caution}
	case Approved:
		return web.Badge{Label: web.T(ctx, "Disetujui", "Approved"), Tone: web.Good}
	case Rejected:
		return web.Badge{Label: web.T(ctx, "Ditolak", "Rejected"), Tone: web.Bad}
	case Withdrawn:
		return web.Badge{Label: web.T(ctx, "Ditarik", "Withdrawn")}
	}
	return web.Badge{Label: web.T(ctx, "Gugur", "Lapsed")}
}

// by names a party; a program is told from a person.
func by(ctx context.Context, p Party) string {
	switch {
	case p.ID == "":
		return "–"
	case p.Account == "":
		return web.T(ctx, "Token ", "Token ") + p.ID
	case string(p.Account) == p.ID:
		return p.ID
	}
	return string(p.Account) + web.T(ctx, " (lewat token ", " (by token ") + p.ID + ")"
}

func agencyOf(ctx context.Context, p Proposal) string {
	if p.Agency == "" {
		return web.T(ctx, "Hub nasional", "The national hub")
	}
	return string(p.Agency)
}

// openRows are the rows of a table of open proposals.
func openRows(ctx context.Context, v listView, all []Proposal) [][]templ.Component {
	rows := make([][]templ.Component, len(all))
	for i, p := range all {
		rows[i] = []templ.Component{
			web.Link{Label: v.headline(p).In(web.Language(ctx)), Href: PagePath(p.ID)},
			web.Text(by(ctx, p.Proposer)), web.Text(agencyOf(ctx, p)), web.Time{At: p.LapsesAt},
		}
	}
	return rows
}

func openColumns(ctx context.Context) []web.Column {
	return []web.Column{{Label: web.T(ctx, "Usulan", "Proposal")}, {Label: web.T(ctx, "Pengusul", "Proposed by")}, {Label: web.T(ctx, "Instansi", "Agency")}, {Label: web.T(ctx, "Gugur pada", "Lapses"), Numeric: true}}
}

func historyRows(ctx context.Context, v listView) [][]templ.Component {
	rows := make([][]templ.Component, len(v.History))
	for i, p := range v.History {
		rows[i] = []templ.Component{
			web.Link{Label: v.headline(p).In(web.Language(ctx)), Href: PagePath(p.ID)},
			stateBadge(ctx, p.State), web.Text(by(ctx, p.Proposer)), web.Text(by(ctx, p.Decider)), web.Time{At: p.EndedAt},
		}
	}
	return rows
}

func historyColumns(ctx context.Context) []web.Column {
	return []web.Column{{Label: web.T(ctx, "Usulan", "Proposal")}, {Label: web.T(ctx, "Hasil", "Outcome")}, {Label: web.T(ctx, "Pengusul", "Proposed by")}, {Label: web.T(ctx, "Pemutus", "Decided by")}, {Label: web.T(ctx, "Selesai", "Ended"), Numeric: true}}
}

// partyFacts tell who, why and when.
func partyFacts(ctx context.Context, v oneView) []web.Fact {
	facts := []web.Fact{
		{Term: web.T(ctx, "Diajukan oleh", "Proposed by"), Value: web.Text(by(ctx, v.Proposer))},
		{Term: web.T(ctx, "Alasan", "Why"), Value: web.Text(v.Why)},
		{Term: web.T(ctx, "Instansi", "Agency"), Value: web.Text(agencyOf(ctx, v.Proposal))},
		{Term: web.T(ctx, "Diajukan pada", "Proposed at"), Value: web.Time{At: v.CreatedAt}},
	}
	if v.State == Open {
		return append(facts, web.Fact{Term: web.T(ctx, "Gugur sendiri pada", "Lapses by itself at"), Value: web.Time{At: v.LapsesAt}})
	}
	facts = append(facts, web.Fact{Term: web.T(ctx, "Selesai pada", "Ended at"), Value: web.Time{At: v.EndedAt}})
	if v.Decider.ID != "" {
		facts = append(facts,
			web.Fact{Term: web.T(ctx, "Diputuskan oleh", "Decided by"), Value: web.Text(by(ctx, v.Decider))},
			web.Fact{Term: web.T(ctx, "Alasan keputusan", "Reason of the decision"), Value: web.Text(v.Reason)})
	}
	return facts
}

// changedRows show what would change, the old beside the new.
func changedRows(ctx context.Context, v oneView) [][]templ.Component {
	var rows [][]templ.Component
	for _, c := range v.Changes {
		if c.Changed() {
			rows = append(rows, []templ.Component{web.Text(c.Term.In(web.Language(ctx))), value(c.Before), value(c.After)})
		}
	}
	return rows
}

func changedColumns(ctx context.Context) []web.Column {
	return []web.Column{{Label: web.T(ctx, "Hal", "What")}, {Label: web.T(ctx, "Sebelumnya", "Before")}, {Label: web.T(ctx, "Menjadi", "Becomes")}}
}

// sameFacts are what stays as it is; of something new, all that it will be.
func sameFacts(ctx context.Context, v oneView) []web.Fact {
	var facts []web.Fact
	for _, c := range v.Changes {
		if c.After != "" && !(v.Existing && c.Changed()) {
			facts = append(facts, web.Fact{Term: c.Term.In(web.Language(ctx)), Value: web.Text(c.After)})
		}
	}
	return facts
}

func value(text string) templ.Component {
	if text == "" {
		return nil
	}
	return web.Text(text)
}

func whatLead(ctx context.Context, v oneView) string {
	if v.Existing {
		return web.T(ctx, "Keadaan ketika usulan dibuat, dan yang akan berlaku bila disetujui.", "As it was when this was proposed, and as it will be once approved.")
	}
	return web.T(ctx, "Yang akan berlaku bila disetujui.", "What will be once it is approved.")
}

// reasonFault repeats at the field what is wrong with it.
func reasonFault(ctx context.Context, v oneView) string {
	if v.Fault == nil || v.Fault.Place != "reason" {
		return ""
	}
	return v.Fault.Message.In(web.Language(ctx)) + " " + v.Fault.Remedy.In(web.Language(ctx))
}
