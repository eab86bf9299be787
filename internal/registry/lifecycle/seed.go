package lifecycle

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Seed writes the first model and the holidays of the years that are known, once
// in the life of a database. What the operator changes or deletes afterwards
// stays changed or deleted.
func (s *Service) Seed(ctx context.Context) error {
	err := s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := s.once(ctx, tx, "model", s.seedModel); err != nil {
			return err
		}
		first := firstHolidays()
		for _, year := range slices.Sorted(maps.Keys(first)) {
			spec := first[year]
			write := func(ctx context.Context, tx *sqldb.Tx) error { return seedYear(ctx, tx, s, year, spec) }
			if err := s.once(ctx, tx, fmt.Sprintf("holidays-%d", year), write); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("seed life cycle: %w", err)
	}
	return nil
}

func (s *Service) once(ctx context.Context, tx *sqldb.Tx, name string, write func(context.Context, *sqldb.Tx) error) error {
	first, err := firstTime(ctx, tx, name, s.now())
	if err != nil || !first {
		return err
	}
	return write(ctx, tx)
}

// seedModel leaves out the conditions that this hub does not offer.
func (s *Service) seedModel(ctx context.Context, tx *sqldb.Tx) error {
	known, err := allVersions(ctx, tx)
	if err != nil || len(known) > 0 {
		return err
	}
	model, offered := FirstModel(), s.offered()
	for i, t := range model.Transitions {
		model.Transitions[i].Conditions = slices.DeleteFunc(slices.Clone(t.Conditions), func(c string) bool { return !slices.Contains(offered, c) })
	}
	if err := putVersion(ctx, tx, Version{From: firstDay, Model: model, Author: trail.Hub}, s.now()); err != nil {
		return err
	}
	return trail.Append(ctx, tx, trail.Event{Actor: trail.Hub, Action: "lifecycle.put", Subject: string(firstDay), Detail: "first model"})
}

func seedYear(ctx context.Context, tx *sqldb.Tx, s *Service, year int, spec HolidaySpec) error {
	before, err := getYear(ctx, tx, year)
	if known, err := sqldb.Exists(before, err); err != nil || known {
		return err
	}
	if err := putYear(ctx, tx, year, spec, s.now()); err != nil {
		return err
	}
	return trail.Append(ctx, tx, trail.Event{Actor: trail.Hub, Action: "holiday.put", Subject: fmt.Sprint(year), Detail: "first holidays"})
}

// firstDay is from when the first model is in force.
const firstDay Day = "2026-01-01"

// FirstModel is the working model of ten steps from planning to retirement, as
// far as it is known; the operator mends it. Access requests have two steps of
// their own.
func FirstModel() Model {
	atAgency := &Escalation{simpul.WriteAgencies, LevelAgency}
	atNation := &Escalation{simpul.ApproveAgencies, LevelNation}
	working := func(n int) *Timer { return &Timer{n, Working} }
	lid := func(code, id, en string, state State, owner Owner, timer *Timer, above *Escalation, doID, doEN string) Step {
		return Step{code, Names{id, en}, OfLID, state, owner, timer, above, &Names{doID, doEN}}
	}
	request := func(code, id, en string, timer *Timer, doID, doEN string) Step {
		return Step{code, Names{id, en}, OfRequest, "", ByProvider, timer, atAgency, &Names{doID, doEN}}
	}
	return Model{
		Note: "Model kerja sepuluh tahap. Batas waktunya belum dicocokkan dengan peraturan; sesuaikan bila perlu.",
		Steps: []Step{
			lid("planned", "Perencanaan", "Planning", Draft, ByProvider, nil, nil,
				"Tetapkan kebutuhan, dasar hukum, kelas keterbukaan, dan penanggung jawab.", "Settle the need, the legal basis, the class of openness and who is in charge."),
			lid("developing", "Pengembangan", "Development", Draft, ByProvider, nil, nil,
				"Susun kontrak OpenAPI, ikuti standar dan kode referensi, siapkan alamat layanan.", "Write the OpenAPI contract, follow standards and reference codes, prepare the service."),
			lid("testing", "Uji kelaikan", "Feasibility test", Draft, ByProvider, working(5), atAgency,
				"Jalankan uji kelaikan, perbaiki yang tidak lulus, lalu ajukan pendaftaran.", "Run the feasibility test, mend what fails, then ask for registration."),
			lid("registering", "Pendaftaran", "Registration", Draft, ByOperator, working(3), atNation,
				"Periksa metadata dan dasar hukum, lalu daftarkan alamatnya.", "Look at the metadata and the legal basis, then register the address."),
			lid("publishing", "Penerbitan", "Publication", Draft, ByOperator, working(1), atNation,
				"Terbitkan di katalog nasional.", "Publish in the national catalogue."),
			request("requested", "Permohonan akses", "Access request", working(1),
				"Pemanfaat mengajukan tujuan, kolom, dasar hukum, dan masa; penyedia menerima permohonannya.", "The consumer states purpose, fields, legal basis and period; the provider takes the request."),
			request("deciding", "Keputusan akses", "Decision on access", working(5),
				"Putuskan: terbuka otomatis, terbatas oleh penyedia, tertutup dengan perjanjian dan dua orang.", "Decide: open by itself, restricted by the provider, closed with an agreement and two people."),
			lid("monitored", "Pemantauan", "Monitoring", Published, ByOperator, &Timer{1, Years}, atNation,
				"Ketersediaan, pemakaian, dan mutu dipantau; evaluasi paling lambat setahun sekali.", "Availability, use and quality are watched; it is evaluated once a year at the latest."),
			lid("evaluating", "Evaluasi", "Evaluation", Published, ByOperator, nil, nil,
				"Tinjau manfaat dan mutunya, lalu kembalikan ke pemantauan atau minta penyedia mengakhirinya.", "Review its use and quality, then return it to monitoring or ask the provider to end it."),
			lid("deprecated", "Masa akhir", "Deprecation", Deprecated, ByProvider, &Timer{90, Days}, atAgency,
				"Beri tahu pemanfaat dan penggantinya; masih dapat dipanggil sampai tenggatnya.", "Tell consumers, and name the successor; it can be called until it is due."),
			lid("retired", "Pensiun", "Retirement", Retired, ByHub, nil, nil,
				"Tidak dapat dipanggil lagi; alamatnya tidak dipakai ulang.", "It cannot be called any more; its address is not used again."),
		},
		Transitions: firstTransitions(),
	}
}

func firstTransitions() []Transition {
	provider := func(from, to string, conditions ...string) Transition {
		return Transition{from, to, simpul.WriteLIDs, conditions}
	}
	operator := func(from, to string, conditions ...string) Transition {
		return Transition{from, to, simpul.RegisterLIDs, conditions}
	}
	all := []Transition{
		provider("planned", "developing"),
		provider("developing", "testing"),
		provider("testing", "registering", "feasibility"),
		operator("registering", "publishing", "metadata"),
		operator("publishing", "monitored"),
		operator("monitored", "evaluating"),
		operator("evaluating", "monitored"),
		provider("monitored", "deprecated"),
		provider("evaluating", "deprecated"),
		operator("deprecated", "monitored"),
		provider("deprecated", "retired"),
		provider("developing", "planned"),
		provider("testing", "developing"),
		provider("registering", "developing"),
		operator("publishing", "registering"),
		{"requested", "deciding", simpul.WriteGrants, nil},
	}
	for _, draft := range []string{"planned", "developing", "testing", "registering", "publishing"} {
		all = append(all, provider(draft, "retired")) // a plan that is given up
	}
	return all
}
