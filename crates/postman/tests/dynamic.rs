//! Every name of Postman's published list has a generator.

use headcount_postman::dynamic::{generate, names};

/// The names that Newman 6.2.2 knows, in its order.
const PUBLISHED: &str = "\
    $guid $timestamp $isoTimestamp $randomInt $randomPhoneNumber $randomPhoneNumberExt \
    $randomLocale $randomWords $randomFilePath $randomDirectoryPath $randomCity \
    $randomStreetName $randomStreetAddress $randomCountry $randomCountryCode $randomLatitude \
    $randomLongitude $randomColor $randomDepartment $randomProductName \
    $randomProductAdjective $randomProductMaterial $randomProduct $randomCompanyName \
    $randomCompanySuffix $randomCatchPhrase $randomBs $randomCatchPhraseAdjective \
    $randomCatchPhraseDescriptor $randomCatchPhraseNoun $randomBsAdjective $randomBsBuzz \
    $randomBsNoun $randomDatabaseColumn $randomDatabaseType $randomDatabaseCollation \
    $randomDatabaseEngine $randomDatePast $randomDateFuture $randomDateRecent $randomMonth \
    $randomWeekday $randomBankAccount $randomBankAccountName $randomCreditCardMask \
    $randomPrice $randomTransactionType $randomCurrencyCode $randomCurrencyName \
    $randomCurrencySymbol $randomBitcoin $randomBankAccountIban $randomBankAccountBic \
    $randomAbbreviation $randomAdjective $randomNoun $randomVerb $randomIngverb $randomPhrase \
    $randomAvatarImage $randomImageUrl $randomAbstractImage $randomAnimalsImage \
    $randomBusinessImage $randomCatsImage $randomCityImage $randomFoodImage \
    $randomNightlifeImage $randomFashionImage $randomPeopleImage $randomNatureImage \
    $randomSportsImage $randomTransportImage $randomImageDataUri $randomEmail \
    $randomExampleEmail $randomUserName $randomProtocol $randomUrl $randomDomainName \
    $randomDomainSuffix $randomDomainWord $randomIP $randomIPV6 $randomUserAgent \
    $randomHexColor $randomMACAddress $randomPassword $randomLoremWord $randomLoremWords \
    $randomLoremSentence $randomLoremSlug $randomLoremSentences $randomLoremParagraph \
    $randomLoremParagraphs $randomLoremText $randomLoremLines $randomFirstName \
    $randomLastName $randomFullName $randomJobTitle $randomNamePrefix $randomNameSuffix \
    $randomJobDescriptor $randomJobArea $randomJobType $randomUUID $randomBoolean $randomWord \
    $randomAlphaNumeric $randomFileName $randomCommonFileName $randomMimeType \
    $randomCommonFileType $randomCommonFileExt $randomFileType $randomFileExt $randomSemver";

#[test]
fn every_published_name_generates_a_value() {
    for name in PUBLISHED.split_whitespace() {
        let value = generate(name);
        assert!(value.as_ref().is_some_and(|value| !value.is_empty()), "{name}: {value:?}");
    }
    assert_eq!(names().count(), PUBLISHED.split_whitespace().count());
    assert_eq!(generate("$randomNothing"), None);
}

#[test]
fn identifiers_have_the_form_of_their_kind() {
    let guid = generate("$guid").unwrap();
    assert_eq!(guid.len(), 36);
    assert_eq!(guid.as_bytes()[14], b'4');
    assert!(b"89ab".contains(&guid.as_bytes()[19]), "{guid}");
    assert_ne!(guid, generate("$guid").unwrap());
    assert!(generate("$timestamp").unwrap().parse::<u64>().unwrap() > 1_700_000_000);
    let iso = generate("$isoTimestamp").unwrap();
    assert_eq!((iso.len(), iso.as_bytes()[10], iso.as_bytes()[23]), (24, b'T', b'Z'), "{iso}");
    assert!(generate("$randomInt").unwrap().parse::<u32>().unwrap() <= 1000);
}
