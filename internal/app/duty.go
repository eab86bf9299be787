package app

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/custody"
	"simpul/internal/registry/duty"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/retention"
	"simpul/internal/registry/signin"
)

// duties builds the room of proposals, which others propose to.
func (h *Hub) duties() {
	h.Proposals = duty.New(h.db, sealer{h.vault}, h.Notices, duty.Rules{Tokens: h.config.Duty.Tokens}, clock.System)
}

// offerDuties builds the rooms that have nothing but such acts, and makes known
// what needs a second person.
func (h *Hub) offerDuties() {
	h.retain()
	h.custodian()
	h.Proposals.Offer(publishing{h.LIDs, h.Identity}, granting{h.Access}, writing{h.Grants}, keeping{h.Retention}, exporting{h.custody}, destroying{h.keys}, delaying{h})
}

// publishing is the act of publishing a closed LID.
type publishing struct {
	lids   *catalog.Service
	people *identity.Service
}

func (publishing) Name() string             { return catalog.ActionPublish }
func (publishing) Needs() simpul.Permission { return simpul.WriteLIDs }
func (publishing) Title() simpul.Text {
	return simpul.Text{ID: "Terbitkan LID tertutup", EN: "Publish a closed LID"}
}

func (p publishing) State(ctx context.Context, tx *sqldb.Tx, subject string) ([]byte, error) {
	return p.lids.Present(ctx, tx, subject)
}

func (p publishing) Execute(ctx context.Context, tx *sqldb.Tx, proposal duty.Proposal) error {
	proposer, err := p.proposer(ctx, proposal.Proposer)
	if err != nil {
		return err
	}
	return p.lids.PutApproved(ctx, tx, proposer, proposal.Decider.ID, proposal.Subject, proposal.Content)
}

// proposer is who made the proposal, with what they may do today.
func (p publishing) proposer(ctx context.Context, by duty.Party) (simpul.Principal, error) {
	if by.Account != "" {
		return p.people.PrincipalOf(ctx, by.Account)
	}
	return p.people.TokenHolder(ctx, by.ID)
}

// Show tells every part of a LID, the contract by its operations and all of it
// by its size: whoever wants to read the document itself asks the API.
func (publishing) Show(content []byte) ([]duty.Fact, error) {
	s, err := catalog.ReadSpec(content)
	if err != nil {
		return nil, err
	}
	fact := func(id, en, value string) duty.Fact {
		return duty.Fact{Term: simpul.Text{ID: id, EN: en}, Value: value}
	}
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return []duty.Fact{
		fact("Instansi", "Agency", string(s.Agency)),
		fact("Judul", "Title", s.Title),
		fact("Keterangan", "Description", s.Description),
		fact("Kelas", "Class", string(s.Class)),
		fact("Keadaan", "State", string(s.State)),
		fact("Versi", "Version", s.Version),
		fact("Alamat layanan", "Upstream", s.Upstream),
		fact("Operasi kontrak", "Operations of the contract", strings.Join(s.Operations(), ", ")),
		fact("Sidik kontrak", "Fingerprint of the contract", s.ContractDigest()),
		fact("Dasar hukum", "Legal basis", s.LegalBasis),
		fact("Konteks lama", "Older context", s.Context),
		fact("Batas diam (detik)", "Longest silence (seconds)", number(int64(s.TimeoutSeconds))),
		fact("Isi permintaan terbesar (byte)", "Largest request body (bytes)", number(s.MaxBodyBytes)),
		fact("Keperluan panggilan", "Purpose of calls", asked(s.StatePurpose)),
		fact("Kata kunci", "Keywords", strings.Join(s.Keywords, ", ")),
		fact("Kontak", "Contact", s.Contact),
		fact("Atribusi", "Attribution", s.Attribution),
	}, nil
}

// asked says that every call states its purpose; nothing where it need not.
func asked(purpose bool) string {
	if purpose {
		return "Simpul-Purpose"
	}
	return ""
}

// dutyAPI puts the operations of proposals, and of what needs them, on the
// control API.
func (h *Hub) dutyAPI(api *httpapi.API) {
	duty.Register(api, h.Proposals)
	h.retentionAPI(api)
	h.custodyAPI(api)
	evidence.RegisterKeys(api, h.keys, h.Proposals, h.keptFor)
	h.auditAPI(api)
}

// dutyScreens puts the screens of proposals on the mux.
func (h *Hub) dutyScreens(mux *http.ServeMux) {
	duty.NewPages(h.Proposals, signin.Gate(),
		duty.Start{Need: simpul.WriteRetention, Title: simpul.Text{ID: "Ubah masa simpan", EN: "Change retention"}, Href: retention.ListPath},
		duty.Start{Need: simpul.ExportKeys, Title: simpul.Text{ID: "Ekspor kunci hub", EN: "Export the hub's keys"}, Href: custody.Path},
	).Register(mux)
	h.retentionScreens(mux)
	h.custodyScreens(mux)
	h.keyScreens(mux)
	h.auditScreens(mux)
}
