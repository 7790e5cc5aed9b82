// The one file that knows libphonenumber. Nothing of C++ leaves it: no object, no exception.
#include "contact/phone_shim.h"

#include "contact/phone.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static bool put(const std::string &text, char *out, size_t size)
{
    if (text.size() >= size)
        return false;
    std::memcpy(out, text.c_str(), text.size() + 1);
    return true;
}

static int type_of(PhoneNumberUtil::PhoneNumberType type)
{
    switch (type) {
    case PhoneNumberUtil::FIXED_LINE:
        return CONTACT_PHONE_FIXED;
    case PhoneNumberUtil::MOBILE:
        return CONTACT_PHONE_MOBILE;
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE:
        return CONTACT_PHONE_EITHER;
    case PhoneNumberUtil::UNKNOWN:
        return CONTACT_PHONE_UNKNOWN;
    default:
        return CONTACT_PHONE_SERVICE;
    }
}

static bool parse(const PhoneNumberUtil &util, const std::string &text, const char *region, PhoneNumber *number)
{
    const std::string home = region && *region ? region : "ZZ";
    return util.Parse(text, home, number) == PhoneNumberUtil::NO_PARSING_ERROR;
}

extern "C" int contact_phone_shim_parse(const char *text, size_t n, const char *region, struct phone_shim *ret_phone)
try {
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    std::string e164, home;
    if (!parse(util, std::string(text, n), region, &number) || !util.IsPossibleNumber(number))
        return -1;
    util.Format(number, PhoneNumberUtil::E164, &e164);
    util.GetRegionCodeForNumber(number, &home);
    if (home == "ZZ" || home == "001")
        home.clear();
    struct phone_shim phone = {};
    if (!put(e164, phone.e164, sizeof phone.e164) || !put(home, phone.region, sizeof phone.region) ||
        !put(number.extension(), phone.extension, sizeof phone.extension))
        return -1;
    const PhoneNumberUtil::PhoneNumberType type = util.GetNumberType(number);
    phone.country_code = number.country_code();
    phone.valid = type != PhoneNumberUtil::UNKNOWN; // as IsValidNumber says, which would look it up once more
    phone.type = type_of(type);
    *ret_phone = phone;
    return 0;
} catch (...) {
    return -1;
}

extern "C" int contact_phone_shim_display(const char *text, size_t n, const char *region, char *ret_text, size_t size)
try {
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    std::string home, out;
    if (!parse(util, std::string(text, n), region, &number))
        return -1;
    util.GetRegionCodeForNumber(number, &home);
    util.Format(number, region && home == region ? PhoneNumberUtil::NATIONAL : PhoneNumberUtil::INTERNATIONAL, &out);
    return put(out, ret_text, size) ? 0 : -1;
} catch (...) {
    return -1;
}

extern "C" int contact_phone_shim_code(const char *region)
try {
    return region ? PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(region) : 0;
} catch (...) {
    return 0;
}

extern "C" const char *contact_phone_shim_region(int country_code)
try {
    static thread_local char region[4];
    std::string home;
    PhoneNumberUtil::GetInstance()->GetRegionCodeForCountryCode(country_code, &home);
    if (home == "ZZ" || home == "001" || !put(home, region, sizeof region))
        return "";
    return region;
} catch (...) {
    return "";
}
