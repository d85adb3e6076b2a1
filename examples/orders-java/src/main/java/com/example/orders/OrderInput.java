package com.example.orders;

import java.time.Duration;
import java.util.List;

/**
 * Starts an order.
 *
 * @param amount in whole currency units; a large order waits for an {@code approve} signal
 * @param card a token; {@link ActivitiesImpl#chargeCard} lists those that do not simply succeed
 * @param approvalTimeout how long an order waits for its approval before it expires
 * @param packingTime how long the warehouse takes to pack the parcel
 * @param deliveryTimeout how long a parcel may be in transit before it counts as delivered
 */
public record OrderInput(
    String orderId,
    List<Item> items,
    int amount,
    String card,
    Address address,
    Duration approvalTimeout,
    Duration packingTime,
    Duration deliveryTimeout) {}
