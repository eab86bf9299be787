package catalog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog/contract"
	"simpul/internal/registry/catalog/contract/compare"
)

// keepFaith refuses a move that breaks the programs of others: a LID that is
// live answers as its contract said when it was live last, until its major
// version is raised. To make it a draft in between changes nothing of that.
func (s *Service) keepFaith(ctx context.Context, tx *sqldb.Tx, before present, m Move) error {
	if !m.Spec.State.Live() || before.spec == nil {
		return nil
	}
	promised, err := lastPromise(ctx, tx, m.Address, *before.spec)
	if err != nil || promised == nil {
		return err
	}
	if versionOf(m.Spec.Version).below(versionOf(promised.Version)) {
		return versionFalls(promised.Version, m.Spec.Version)
	}
	return s.unbroken(ctx, tx, m.Address, *promised, m.Spec)
}

// lastPromise is what a LID was when it was live last, nil for never.
func lastPromise(ctx context.Context, tx *sqldb.Tx, address simpul.Address, now Spec) (*Spec, error) {
	if now.State.Live() {
		return &now, nil
	}
	r, err := lastLiveRevision(ctx, tx, address)
	if errors.Is(err, sqldb.ErrNoRows) {
		return nil, nil
	}
	return &r.Spec, err
}

// unbroken refuses a contract that breaks consumers under the same major
// version.
func (s *Service) unbroken(ctx context.Context, tx *sqldb.Tx, address simpul.Address, promised, next Spec) error {
	if versionOf(next.Version)[0] > versionOf(promised.Version)[0] || sameContract(promised.Contract, next.Contract) {
		return nil
	}
	result := compareContracts(promised, next)
	if !result.Breaks() {
		return nil
	}
	grants, err := s.holders.InEffect(ctx, tx, address)
	if err != nil || grants == 0 {
		return err
	}
	if agreed, err := s.consented(ctx, tx, address, next); err != nil || agreed {
		return err
	}
	return breaksConsumers(result, grants, versionOf(promised.Version))
}

// compareContracts compares what two specs promise. A contract that cannot be
// read any more promises nothing that could be compared.
func compareContracts(before, after Spec) compare.Result {
	return compare.Contracts(readable(before), readable(after))
}

func readable(s Spec) *contract.Contract {
	read, err := contract.Parse(s.Contract)
	if err != nil {
		return nil
	}
	return read
}

// version is major, minor and patch.
type version [3]int

// versionOf reads "1", "1.2" or "1.2.3". A number that is too large for an int is
// the largest.
func versionOf(text string) (v version) {
	for i, part := range strings.SplitN(text, ".", len(v)) {
		v[i], _ = strconv.Atoi(part)
	}
	return v
}

func (v version) below(other version) bool {
	for i := range v {
		if v[i] != other[i] {
			return v[i] < other[i]
		}
	}
	return false
}

func versionFalls(from, to string) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.version",
		Message: simpul.Text{ID: "Versi turun dari " + from + " menjadi " + to + ".", EN: "The version falls from " + from + " to " + to + "."},
		Remedy:  simpul.Text{ID: "Tulis versi " + from + " atau yang lebih tinggi: nomor yang pernah terbit tidak kembali ke yang lebih lama.", EN: "Write version " + from + " or a higher one: a number that was published does not go back to an earlier one."},
	}
}

// mostTold is how many differences a refusal names.
const mostTold = 3

func breaksConsumers(r compare.Result, grants int, promised version) error {
	var id, en []string
	for _, d := range r.First(mostTold) {
		id, en = append(id, d.Place+": "+d.Sentence.ID), append(en, d.Place+": "+d.Sentence.EN)
	}
	if left := r.Breaking - len(id); left > 0 {
		id, en = append(id, fmt.Sprintf("Dan %d perubahan lain.", left)), append(en, fmt.Sprintf("And %d more.", left))
	}
	next, old := fmt.Sprintf("%d.0", promised[0]+1), fmt.Sprintf("%d.x", promised[0])
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.contract",
		Message: simpul.Text{
			ID: fmt.Sprintf("Kontrak ini memutus pemakai yang sudah ada: %d izin sedang berlaku. ", grants) + strings.Join(id, " "),
			EN: fmt.Sprintf("This contract breaks existing consumers: grants in effect: %d. ", grants) + strings.Join(en, " ")},
		Remedy: simpul.Text{
			ID: "Naikkan version menjadi " + next + "; pemanggil lama tetap memakai " + old + " sampai masa akhirnya. Atau pertahankan bagian yang lama di samping yang baru, atau minta persetujuan semua pemakai.",
			EN: "Raise version to " + next + "; older callers keep " + old + " until its sunset. Or keep the former parts beside the new ones, or ask every consumer for consent."},
	}
}
