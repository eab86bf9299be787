package identity

import (
	"context"
	"slices"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Assignment gives a role for the person's own agency, or for the nation.
type Assignment struct {
	Role     simpul.Role `json:"role" maxLength:"63" doc:"Name of a role" example:"provider"`
	National bool        `json:"national,omitempty" doc:"For every agency; only a national principal gives that"`
}

// actor is who acts on accounts.
type actor struct {
	simpul.Principal                  // with what was taken in an emergency
	standing         simpul.Principal // without
	roles            roles
}

// actor returns the principal as they stand now: a person who was suspended
// since the request began acts no more.
func (s *Service) actor(ctx context.Context, tx *sqldb.Tx, p simpul.Principal) (actor, error) {
	if p.Account != "" {
		standing, all, err := standing(ctx, tx, p.Account)
		if err != nil {
			return actor{}, knownAccount(err)
		}
		now, err := withEmergency(ctx, tx, standing, all, s.now())
		return actor{now, standing, all}, err
	}
	all, err := listRoles(ctx, tx)
	return actor{p, p, all}, err
}

// lasting is the actor for acts whose effect stays. What is taken in an
// emergency ends, so nobody makes with it what would not: no role is given and
// no address or credential is changed by what was taken.
func (a actor) lasting() actor {
	a.Principal = a.standing
	return a
}

// isOperator reports whether the actor decides what roles contain anyway.
func (a actor) isOperator() bool { return a.National && a.Can(simpul.WriteRoles) }

// exceeds returns a permission that the actor lacks, if there is one. Operators
// are excepted for what a data-protection officer and the authority of a field
// do, which they may not do themselves: somebody has to appoint these.
func (a actor) exceeds(permissions []simpul.Permission) (simpul.Permission, bool) {
	appointed := []simpul.Permission{simpul.ExportPeople, simpul.ErasePeople, simpul.ApproveStandards, simpul.TracePeople}
	i := slices.IndexFunc(permissions, func(p simpul.Permission) bool {
		return p != simpul.OwnAccount && !a.Can(p) && !(a.isOperator() && slices.Contains(appointed, p))
	})
	if i < 0 {
		return "", false
	}
	return permissions[i], true
}

// mayGive checks that the actor may give the role.
func (a actor) mayGive(given Assignment) error {
	a = a.lasting()
	spec, ok := a.roles[given.Role]
	switch {
	case !ok:
		return simpul.Invalid("roles",
			simpul.Text{ID: "Peran \"" + string(given.Role) + "\" tidak dikenal.", EN: "Role \"" + string(given.Role) + "\" is unknown."},
			simpul.Text{ID: "Pilih dari daftar peran, misalnya admin, provider atau consumer.", EN: "Choose from the list of roles, such as admin, provider or consumer."})
	case spec.Reach == simpul.ReachNation && !given.National:
		return simpul.Invalid("roles",
			simpul.Text{ID: "Peran " + string(given.Role) + " hanya berlaku nasional.", EN: "The role " + string(given.Role) + " is national only."},
			simpul.Text{ID: "Berikan secara nasional, atau pilih peran lain.", EN: "Give it nationally, or choose another role."})
	case spec.Reach == simpul.ReachAgency && given.National:
		return simpul.Invalid("roles",
			simpul.Text{ID: "Peran " + string(given.Role) + " hanya berlaku di satu instansi.", EN: "The role " + string(given.Role) + " is for one agency only."},
			simpul.Text{ID: "Berikan tanpa jangkauan nasional, atau pilih peran lain.", EN: "Give it without national reach, or choose another role."})
	case given.National && !a.National:
		return denied(simpul.Text{ID: "Hanya pihak nasional yang memberi peran nasional.", EN: "Only somebody national gives a national role."},
			simpul.Text{ID: "Minta operator nasional memberikannya.", EN: "Ask the national operator to give it."})
	}
	if missing, yes := a.exceeds(spec.Permissions); yes {
		return denied(simpul.Text{ID: "Peran " + string(given.Role) + " memuat izin " + string(missing) + " yang tidak Anda miliki sendiri.", EN: "The role " + string(given.Role) + " contains the permission " + string(missing) + ", which you do not have yourself."},
			simpul.Text{ID: "Minta orang yang memiliki izin itu memberikannya; untuk pejabat pelindungan data, operator nasional.", EN: "Ask somebody who has it to give the role; for a data-protection officer, the national operator."})
	}
	return nil
}

// mayActOn refuses acts on oneself, and on accounts that may do more than the
// actor: who could change their address or start their recovery could become
// them.
func (a actor) mayActOn(target Account) error {
	if a.Account == target.ID {
		return denied(simpul.Text{ID: "Ini akun Anda sendiri.", EN: "This is your own account."},
			simpul.Text{ID: "Minta admin lain di instansi Anda melakukannya; jika tidak ada, operator nasional.", EN: "Ask another administrator of your agency to do it; if there is none, the national operator."})
	}
	as := a.roles.ofAccount(target)
	missing, more := a.exceeds(as.Permissions)
	switch {
	case as.National && !a.National:
		return denied(simpul.Text{ID: "Akun ini memegang peran nasional.", EN: "This account holds a national role."},
			simpul.Text{ID: "Minta operator nasional melakukannya.", EN: "Ask the national operator to do it."})
	case more:
		return denied(simpul.Text{ID: "Akun ini memiliki izin " + string(missing) + " yang tidak Anda miliki.", EN: "This account has the permission " + string(missing) + ", which you do not have."},
			simpul.Text{ID: "Minta operator nasional melakukannya.", EN: "Ask the national operator to do it."})
	}
	return nil
}

// mayAssign checks a whole set of roles for an account that now holds some.
func (a actor) mayAssign(held []Holding, wanted []Assignment) error {
	if len(wanted) == 0 {
		return simpul.Invalid("roles",
			simpul.Text{ID: "Sebuah akun harus memegang sedikitnya satu peran.", EN: "An account holds at least one role."},
			simpul.Text{ID: "Pilih satu peran; untuk menghentikan aksesnya, tangguhkan atau tutup akunnya.", EN: "Choose a role; to end the person's access, suspend or close the account."})
	}
	for i, given := range wanted {
		if slices.ContainsFunc(wanted[:i], func(other Assignment) bool { return other.Role == given.Role }) {
			return simpul.Invalid("roles",
				simpul.Text{ID: "Peran " + string(given.Role) + " tertulis dua kali.", EN: "The role " + string(given.Role) + " is written twice."},
				simpul.Text{ID: "Hapus salah satunya.", EN: "Remove one of them."})
		}
		if given.National != wanted[0].National {
			return simpul.Invalid("roles",
				simpul.Text{ID: "Satu akun bertindak untuk instansinya atau untuk nasional, tidak keduanya.", EN: "An account acts for its agency or for the nation, not for both."},
				simpul.Text{ID: "Pisahkan: beri orang itu akun lain di instansi lain, atau pilih salah satu.", EN: "Separate them: choose one of the two, or invite an account of another agency."})
		}
		if slices.ContainsFunc(held, given.is) {
			continue
		}
		if err := a.mayGive(given); err != nil {
			return err
		}
	}
	return nil
}

func (g Assignment) is(h Holding) bool { return h.Role == g.Role && h.National == g.National }

func denied(message, remedy simpul.Text) error {
	return &simpul.Error{Code: simpul.CodeDenied, Message: message, Remedy: remedy}
}
