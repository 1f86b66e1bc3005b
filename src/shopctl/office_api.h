/* office_api.h: the head office's HTTP interface, asked by a person with a key of his own. */
#ifndef SHOP_SHOPCTL_OFFICE_API_H
#define SHOP_SHOPCTL_OFFICE_API_H

#include "base/ids.h"
#include "base/span.h"
#include "shoptoken.h"
#include "shopctl/shopctl.h"
#include "wire/sync.h"

/** Where the operator's key is looked for when --operator does not say. */
#define OPERATOR_KEY_DEFAULT ".config/shopkeeper/operator.key"

struct office_api {
	bool enrolled; /* else the shop has no office, and the rest says nothing */
	char url[OFFICE_URL_MAX + 1];
	char shop[PLACE_MAX_LEN + 1];
	bool has_key;
	struct shoptoken_key key;
};

/** api_find - asks shopd which office the shop has, and reads the operator's key: `operator_path`,
 * or ~/.config/shopkeeper/operator.key where that is NULL. A key that is not there is no failure
 * yet. */
enum ctl_exit api_find(struct ctl *ctl, const char *operator_path, struct office_api *ret);
void api_forget(struct office_api *api);
/** api_at - an office named by its address, without a shop. */
enum ctl_exit api_at(struct ctl *ctl, const char *url, const char *operator_path,
		     struct office_api *ret);

/**
 * api_call - one request; `content_type` NULL: no body.
 * @return CTL_DONE with the answer in *ret (json_decref(); NULL where there is none), CTL_REFUSED
 * in the office's own words, CTL_UNREACHABLE when it is out of reach or too busy; all but the first
 * with their message said, unless `quiet`.
 */
enum ctl_exit api_call(struct ctl *ctl, const struct office_api *api, const char *method,
		       const char *path, const char *content_type, struct span body, bool quiet,
		       json_t **ret);

/** api_call_any - the same, where the answer need not be JSON: then *ret is NULL and *ret_bytes has
 * it (free(); NULL where there is none). */
enum ctl_exit api_call_any(struct ctl *ctl, const struct office_api *api, const char *method,
			   const char *path, const char *content_type, struct span body,
			   json_t **ret, char **ret_bytes, size_t *ret_len);

/** api_call_json - the same with a JSON body, which it takes over. */
enum ctl_exit api_call_json(struct ctl *ctl, const struct office_api *api, const char *method,
			    const char *path, json_t *body, bool quiet, json_t **ret);

#endif
