package identity

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// RoleSpec is what the operator declares of a role.
type RoleSpec struct {
	Title       Title               `json:"title"`
	Reach       simpul.Reach        `json:"reach" enum:"agency,nation,either" doc:"For which tenants it may be held: the holder's agency, all, or as it is given"`
	Permissions []simpul.Permission `json:"permissions" minItems:"1" maxItems:"100" doc:"What the role may do; the names are in the guide" example:"[\"self\",\"lid.read\"]"`
}

// Title is the role's name for people.
type Title struct {
	ID string `json:"id" minLength:"2" maxLength:"60" pattern:"^[\\P{Cc}]*$" patternDescription:"free of control characters" doc:"In Indonesian" example:"Petugas data"`
	EN string `json:"en" minLength:"2" maxLength:"60" pattern:"^[\\P{Cc}]*$" patternDescription:"free of control characters" doc:"In English" example:"Data clerk"`
}

var kindRole = simpul.Text{ID: "Peran", EN: "Role"}

// reachesAll reports whether the acts of a permission reach every agency. A role
// that is held within one agency never contains such a one.
func reachesAll(p simpul.Permission) bool {
	switch p {
	case simpul.ApproveAgencies, simpul.WriteRoles, simpul.ExportKeys, simpul.EnrolHubs, simpul.WriteRetention,
		simpul.HarvestCatalogs, simpul.ApproveStandards, simpul.RegisterLIDs, simpul.WaiveLIDs, simpul.WriteLifecycle, simpul.KeepTracker:
		return true
	}
	return false
}

func (s RoleSpec) spec() simpul.RoleSpec {
	return simpul.RoleSpec{Title: simpul.Text{ID: s.Title.ID, EN: s.Title.EN}, Reach: s.Reach, Permissions: s.Permissions}
}

// Validate checks what the shape alone cannot.
func (s RoleSpec) Validate() error {
	if strings.TrimSpace(s.Title.ID) == "" || strings.TrimSpace(s.Title.EN) == "" {
		return simpul.Invalid("spec.title",
			simpul.Text{ID: "Peran harus bernama dalam kedua bahasa.", EN: "A role needs a name in both languages."},
			simpul.Text{ID: "Isi title.id dan title.en.", EN: "Fill title.id and title.en."})
	}
	if s.Reach != simpul.ReachAgency && s.Reach != simpul.ReachNation && s.Reach != simpul.ReachEither {
		return simpul.Invalid("spec.reach",
			simpul.Text{ID: "Jangkauan \"" + string(s.Reach) + "\" tidak dikenal.", EN: "Reach \"" + string(s.Reach) + "\" is unknown."},
			simpul.Text{ID: "Pilih agency, nation atau either.", EN: "Choose agency, nation or either."})
	}
	return s.validatePermissions()
}

func (s RoleSpec) validatePermissions() error {
	for i, permission := range s.Permissions {
		if _, err := simpul.ParsePermission(string(permission)); err != nil {
			return simpul.At("spec.permissions", err)
		}
		if slices.Contains(s.Permissions[:i], permission) {
			return simpul.Invalid("spec.permissions",
				simpul.Text{ID: "Izin " + string(permission) + " tertulis dua kali.", EN: "Permission " + string(permission) + " is written twice."},
				simpul.Text{ID: "Hapus salah satunya.", EN: "Remove one of them."})
		}
		if s.Reach != simpul.ReachNation && reachesAll(permission) {
			return simpul.Invalid("spec.permissions",
				simpul.Text{ID: "Izin " + string(permission) + " berakibat bagi semua instansi, jadi hanya untuk peran nasional.", EN: "Permission " + string(permission) + " reaches every agency, so it is for national roles only."},
				simpul.Text{ID: "Hapus izin itu, atau jadikan peran ini berjangkauan nation.", EN: "Remove the permission, or give the role the reach nation."})
		}
	}
	return nil
}

// Roles are the use cases on what roles contain.
type Roles struct{ *Service }

// Roles returns the use cases on what roles contain.
func (s *Service) Roles() Roles { return Roles{s} }

// Put creates or replaces a role. Whoever holds it may do what it contains from
// their next request on.
func (r Roles) Put(ctx context.Context, p simpul.Principal, id string, spec RoleSpec, dryRun bool) (httpapi.Stored[RoleSpec], error) {
	name, err := simpul.ParseRole(id)
	if err != nil {
		return httpapi.Stored[RoleSpec]{}, simpul.At("metadata.id", err)
	}
	if err := spec.Validate(); err != nil {
		return httpapi.Stored[RoleSpec]{}, err
	}
	stored := httpapi.Stored[RoleSpec]{ID: id, Spec: spec}
	err = r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := r.mayChange(ctx, tx, p, id); err != nil {
			return err
		}
		existed, err := r.mayBecome(ctx, tx, name, spec)
		if err != nil {
			return err
		}
		stored.Created = !existed
		if stored.Times, err = putRole(ctx, tx, name, spec.spec(), r.now()); err != nil {
			return err
		}
		event := trail.By(p, "", "role.put", id)
		event.Detail = joined(spec.Permissions)
		return sqldb.Rehearse(dryRun, r.record(ctx, tx, event))
	})
	return stored, r.note(ctx, attempt{p, id, "role.put", p.Account}, sqldb.Coded(err, kindRole, id))
}

// mayChange begins a change of a role. What a role contains stays, so nobody
// changes it with what they took in an emergency: they could give it to a role
// that they hold for good.
func (r Roles) mayChange(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, id string) error {
	if err := changing(ctx, tx, revisionRole, id); err != nil {
		return err
	}
	by, err := r.actor(ctx, tx, p)
	if err != nil {
		return err
	}
	return by.lasting().Need(simpul.WriteRoles)
}

// mayBecome checks a role's new content against the old, and against who holds
// it.
func (r Roles) mayBecome(ctx context.Context, tx *sqldb.Tx, name simpul.Role, spec RoleSpec) (existed bool, err error) {
	all, err := listRoles(ctx, tx)
	if err != nil {
		return false, err
	}
	before, existed := all[name]
	if !existed {
		return false, nil
	}
	if before.Allows(simpul.WriteRoles) && !spec.spec().Allows(simpul.WriteRoles) {
		if err := all.mayLose(name); err != nil {
			return true, err
		}
	}
	if before.Reach == spec.Reach {
		return true, nil
	}
	held, err := roleHeld(ctx, tx, name)
	if err == nil && (held || isStandard(name)) {
		err = reachStays(name)
	}
	return true, err
}

// Get returns one role.
func (r Roles) Get(ctx context.Context, p simpul.Principal, id string) (s httpapi.Stored[RoleSpec], err error) {
	err = r.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		s, err = getRole(ctx, tx, id)
		return err
	})
	return s, sqldb.Coded(err, kindRole, id)
}

// List returns the roles in the order of their names.
func (r Roles) List(ctx context.Context, p simpul.Principal, page httpapi.Page) (all []httpapi.Stored[RoleSpec], err error) {
	err = r.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = pageOfRoles(ctx, tx, page)
		return err
	})
	return all, err
}

// Delete removes a role that is not standard and that nobody holds.
func (r Roles) Delete(ctx context.Context, p simpul.Principal, id string) error {
	name := simpul.Role(id)
	if isStandard(name) {
		return standardStays(name)
	}
	err := r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := r.mayChange(ctx, tx, p, id); err != nil {
			return err
		}
		all, err := listRoles(ctx, tx)
		if err == nil && all[name].Allows(simpul.WriteRoles) {
			err = all.mayLose(name)
		}
		if err != nil {
			return err
		}
		if held, err := roleHeld(ctx, tx, name); err != nil || held {
			return errors.Join(err, sqldb.ErrReference)
		}
		if err := deleteRole(ctx, tx, name); err != nil {
			return err
		}
		return r.record(ctx, tx, trail.By(p, "", "role.delete", id))
	})
	if errors.Is(err, sqldb.ErrReference) {
		return stillHeld(name)
	}
	return sqldb.Coded(err, kindRole, id)
}

// changing notes the change first. On PostgreSQL that makes those who change
// people and roles wait for each other, so that a rule which counts holders sees
// what the one before did.
func changing(ctx context.Context, tx *sqldb.Tx, kind, id string) error {
	if kind == revisionRole {
		if err := tx.Own(""); err != nil {
			return err
		}
	}
	return tx.Revise(ctx, kind, id)
}

// record adds an event at the room's own time.
func (s *Service) record(ctx context.Context, tx *sqldb.Tx, e trail.Event) error {
	e.At = s.now()
	return trail.Append(ctx, tx, e)
}

// mayLose refuses to take role.write from the last role that has it.
func (r roles) mayLose(name simpul.Role) error {
	others := slices.DeleteFunc(r.having(simpul.WriteRoles), func(other simpul.Role) bool { return other == name })
	if len(others) > 0 {
		return nil
	}
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.permissions",
		Message: simpul.Text{ID: "Peran " + string(name) + " adalah yang terakhir dengan izin role.write; tanpanya tidak ada yang dapat mengubah peran lagi.", EN: "The role " + string(name) + " is the last with the permission role.write; without it nobody could change roles any more."},
		Remedy:  simpul.Text{ID: "Beri dahulu role.write kepada peran nasional lain.", EN: "First give role.write to another national role."},
	}
}

func isStandard(name simpul.Role) bool {
	_, ok := simpul.StandardRoles()[name]
	return ok
}

// names are sorted, the standard roles first and in the order in which people
// think of them.
func (r roles) names() []simpul.Role {
	first := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleConsumer, simpul.RoleSteward, simpul.RoleProducer, simpul.RoleAuthority, simpul.RoleAuditor, simpul.RoleDPO}
	rank := func(name simpul.Role) int {
		if i := slices.Index(first, name); i >= 0 {
			return i
		}
		return len(first)
	}
	return slices.SortedFunc(maps.Keys(r), func(a, b simpul.Role) int {
		if rank(a) != rank(b) {
			return rank(a) - rank(b)
		}
		return strings.Compare(string(a), string(b))
	})
}

func standardStays(name simpul.Role) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Peran bawaan " + string(name) + " tidak dapat dihapus.", EN: "The standard role " + string(name) + " cannot be deleted."},
		Remedy:  simpul.Text{ID: "Ubah isinya, atau cabut peran itu dari orang yang memegangnya.", EN: "Change what it contains, or take it from those who hold it."},
	}
}

func reachStays(name simpul.Role) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.reach",
		Message: simpul.Text{ID: "Jangkauan peran " + string(name) + " tidak dapat diubah: peran ini bawaan, atau sudah dipegang.", EN: "The reach of the role " + string(name) + " cannot be changed: it is a standard role, or somebody holds it."},
		Remedy:  simpul.Text{ID: "Buat peran baru dengan jangkauan yang diinginkan.", EN: "Create another role with the reach that you want."},
	}
}

func stillHeld(name simpul.Role) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Peran " + string(name) + " masih dipegang sebuah akun atau token.", EN: "An account or a token still holds the role " + string(name) + "."},
		Remedy:  simpul.Text{ID: "Cabut dahulu peran itu dari pemegangnya.", EN: "First take it from whoever holds it."},
	}
}
