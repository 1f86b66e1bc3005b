/* line_json.h: a line as every answer shows it: when it is bought, in the basket, on the receipt.
 */
#ifndef SHOP_COUNTERD_LINE_JSON_H
#define SHOP_COUNTERD_LINE_JSON_H

#include "core/event.h"
#include "counterd/reply.h"

/** The most bytes of JSON that line_json_put() makes. */
#define LINE_JSON_MAX (600 + JSON_TEXT_MAX(ARTICLE_NAME_MAX))

/** line_json_put - the members of a line that every answer has, `"key"` to `"currency"`, and a
 * warning where its best-before date had passed; without the braces around them. */
void line_json_put(struct builder *b, const struct line *l, const char *currency);

#endif
